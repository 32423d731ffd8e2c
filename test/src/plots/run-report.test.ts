import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runReport } from '../../../src/plots/run-report.ts';
import { RunFolder } from '../../../src/runs/run-folder.ts';
import { sampleEpisode, sampleMetric, settings, temporaryFolder } from '../runs/samples.ts';

test('a report tells how the run came about and what its files say, over time', (context) => {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, settings);
  for (let game = 1; game <= 10; game++) folder.episode(sampleEpisode(game * 1000, 2 * game));
  for (let update = 1; update <= 100; update++) folder.metric(sampleMetric(update));
  folder.log.info({ gradientNorms: {} }, 'checkpoint saved');
  folder.log.info({ gradientNorms: { 'torso.w0': 9, 'core.rnnBias': 0.5 } }, 'checkpoint saved');
  folder.log.info({ gradientNorms: { 'torso.w0': 9, 'core.rnnBias': 0.02 } }, 'checkpoint saved');
  folder.close();
  const report = runReport(path);
  assert.match(report, /^## Breakout, rim, seed 1\n/);
  assert.match(report, /`npm run ppo -- --game Breakout`/);
  assert.match(report, /gray, max of two frames, 84x84/);
  // The mean of the scores 2, 4, 6, 8, 10 after half of the games; of all after the last.
  assert.match(report, /\| 5,000 \| 6.00 \| 0.25 \| 0.75 \|/);
  assert.match(report, /\| 10,000 \| 11.0 \| 0.25 \| 0.75 \|/);
  assert.match(report, /200 games in 102,400 agent steps/);
  assert.match(report, /after a tenth of the run: 954 MiB, after half: 954 MiB, at the end: 954 MiB; tensors .*: 60\./);
  assert.match(report, /at 2 checkpoints:\n\n.*\n.*\n\| `core.rnnBias` \| 2.0e-2 \| 5.0e-1 \|$/);
});

test('a run that has just begun has a report too', (context) => {
  const path = join(temporaryFolder(context), 'run');
  RunFolder.create(path, settings).close();
  assert.match(runReport(path), /No finished game yet\.\n\nNo update yet\.\n\nNo checkpoint after an update yet\.$/);
});
