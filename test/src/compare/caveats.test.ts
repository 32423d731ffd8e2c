import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { caveatsOf } from '../../../src/compare/caveats.ts';
import { differences, lesserDifferences } from '../../../src/compare/comparable.ts';
import { type ComparedArm, comparedArms } from '../../../src/compare/run-set.ts';
import { temporaryFolder } from '../runs/samples.ts';
import { type MadeUp, madeUpRun } from '../runs/made-up-ppo-runs.ts';

function arms(context: TestContext, ...made: readonly MadeUp[]): ComparedArm[] {
  const folder = temporaryFolder(context);
  return comparedArms(made.map((run, i) => madeUpRun(join(folder, `${i}`), run)));
}

const same = /^All arms have the same settings but for their cores/;
const notes = (of: readonly ComparedArm[]): string[] => caveatsOf(of, { trainingScores: false });
const found = (of: readonly ComparedArm[], text: RegExp): boolean => notes(of).some((note) => text.test(note));

test('arms are said to differ in their cores alone where they do', (context) => {
  const cores = arms(context, { options: { core: 'rim', active: 3 } }, { options: { core: 'lstm', hidden: 9 } });
  assert.ok(found(cores, same));
  const others = arms(
    context,
    { options: { core: 'lstm', hidden: 9, steps: 8192, mode: 2 } },
    { options: { core: 'gru', hidden: 7 } },
  );
  assert.ok(!found(others, same));
  const said = 'steps 8192 or 4096; mode 2 or none; hidden 9 or 7. What orders them may be that.';
  assert.ok(found(others, new RegExp(`^The arms differ in more than their cores: ${said}$`)), notes(others).join('\n'));
});

test('what chance does is said of the runs that there are', (context) => {
  const of = (runs: number): ComparedArm[] =>
    arms(
      context,
      ...['lstm', 'gru'].flatMap((core) => Array.from({ length: runs }, (_, seed) => ({ options: { core, seed } }))),
    );
  assert.ok(found(of(1), /^With 1 run of each arm and game one of two arms is always ahead/));
  // Of 70 orders of four runs and four there are two in which they lie apart.
  assert.ok(found(of(4), /^With 4 runs of each .* once in 35 comparisons, by chance\.$/));
  assert.ok(!found(of(5), /by chance/));
  assert.ok(found(of(1), /^With fewer than four runs/));
  assert.ok(!found(of(4), /^With fewer than four runs/));
});

test('versions that may move the last bits alone are told, and forbid nothing', (context) => {
  const both = arms(
    context,
    { options: { core: 'lstm' }, versions: { ale: '1', node: '20' } },
    { options: { core: 'gru' }, versions: { ale: '1', node: '22' } },
  );
  assert.deepEqual(differences(both), []);
  assert.match(lesserDifferences(both).join(), /^node: 20 in .*, 22 in /);
});
