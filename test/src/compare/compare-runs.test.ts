import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareRuns } from '../../../src/compare/compare-runs.ts';
import { costs } from '../../../src/compare/cost.ts';
import { compareOptions } from '../../../src/compare/options.ts';
import { comparedArms } from '../../../src/compare/run-set.ts';
import { describeStart } from '../../../src/runs/config.ts';
import { temporaryFolder } from '../runs/samples.ts';
import { madeUpRun } from '../runs/made-up-ppo-runs.ts';

test('a report leaves no picture of one before it', async (context) => {
  const folder = temporaryFolder(context);
  const paths = ['lstm', 'gru'].flatMap((core) =>
    ['Breakout', 'CartPole-v1'].map((game) => madeUpRun(join(folder, `${game}-${core}`), { options: { core, game } })),
  );
  const out = join(folder, 'out');
  mkdirSync(join(out, 'pictures'), { recursive: true });
  writeFileSync(join(out, 'pictures', 'profiles.svg'), 'of a comparison that had profiles');
  const report = await compareRuns({
    ...{ paths, out, command: 'npm run compare', notes: [], say: () => undefined },
    ...{ options: compareOptions.parse({ episodes: 0, cost: false }), signal: new AbortController().signal },
  });
  assert.equal(report?.scale, 'none');
  assert.equal(report?.measured, null);
  assert.ok(existsSync(join(out, 'pictures', 'curves.svg')));
  assert.ok(!existsSync(join(out, 'pictures', 'profiles.svg')));
});

test('costs are kept for the version and the processor that they were measured with', async (context) => {
  const folder = temporaryFolder(context);
  const arms = comparedArms(['lstm', 'gru'].map((core) => madeUpRun(join(folder, core), { options: { core } })));
  const file = join(folder, 'cost.json');
  const common = '--steps 4096';
  const content = {
    ...{ format: 2, created: '2026-01-31T23:59:59.000Z', ...describeStart({}) },
    arms: ['lstm', 'gru'].map((core, i) => ({
      flags: `--game Breakout --core ${core} ${common}`,
      rounds: [1, 2, 4].map((rate) => rate * (i + 1)),
    })),
  };
  const measure = async (changed: object): Promise<Awaited<ReturnType<typeof costs>>> => {
    writeFileSync(file, JSON.stringify({ ...content, ...changed }));
    return costs(folder, arms, () => undefined, AbortSignal.abort()); // nothing is measured here
  };
  const kept = await measure({});
  assert.deepEqual(kept?.measured.created, content.created);
  assert.deepEqual(kept?.byArm.get('gru'), { stepsPerSecond: 4, rounds: [2, 4, 8], ratio: 2 });
  const others = [
    { processor: { ...content.processor, model: 'Abacus' } },
    { versions: { ...content.versions, 'rim-agents': '0.0.1' } },
    { arms: content.arms.toReversed() },
    { format: 1 },
  ];
  for (const other of others) {
    assert.equal(await measure(other), undefined);
    assert.ok(readFileSync(file).length > 0);
  }
});
