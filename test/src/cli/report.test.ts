import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { RunFolder } from '../../../src/runs/run-folder.ts';
import { sampleEpisode, sampleMetric, settings, temporaryFolder } from '../runs/samples.ts';
import { run } from './command.ts';

function makeRun(context: TestContext, options: object): string {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, { ...settings, options: { ...settings.options, ...options } });
  for (let game = 1; game <= 10; game++) folder.episode(sampleEpisode(game * 1000, 2 * game));
  for (let update = 1; update <= 10; update++) folder.metric(sampleMetric(update));
  folder.close();
  return path;
}

test('report prints the report, or writes it with pictures that it names from where it lies', async (context) => {
  const runs = [makeRun(context, { precision: 'float32' }), makeRun(context, { precision: 'bf16' })];
  const folder = temporaryFolder(context);
  const [out, pictures] = [join(folder, 'made', 'report.md'), join(folder, 'pictures', 'two')];
  const [printed, written] = await Promise.all([
    run('report', ...runs),
    run('report', ...runs, '--out', out, '--pictures', pictures),
  ]);
  assert.deepEqual(
    [printed.code, written.code, written.stdout],
    [0, 0, `wrote ${out}\n`],
    printed.stderr + written.stderr,
  );
  assert.match(printed.stdout, /^# Results\n\nWritten .* by `npm run report -- RUNS`\.\n\n## Scores, side by side\n\n/);
  const report = readFileSync(out, 'utf8');
  assert.ok(report.includes(`by \`npm run report -- RUNS --out ${out} --pictures ${pictures}\`.`));
  assert.deepEqual(
    [...report.matchAll(/!\[.*\]\((.*)\)/g)].map(([, path]) => path),
    ['../pictures/two/scores.svg', '../pictures/two/memory.svg'],
  );
  for (const [name, title] of [
    ['scores.svg', 'Mean score of the last 100 games'],
    ['memory.svg', 'Resident memory'],
  ] as const) {
    const drawn = readFileSync(join(pictures, name), 'utf8');
    for (const text of [title, 'Breakout, rim, seed 1, float32', 'Breakout, rim, seed 1, bf16'])
      assert.ok(drawn.includes(text), `${name}: ${text}`);
  }
  // Without heading and pictures it is the printed one.
  const rest = report
    .split('\n\n')
    .filter((part) => !part.startsWith('!['))
    .slice(2);
  assert.deepEqual(rest, printed.stdout.split('\n\n').slice(2));
});
