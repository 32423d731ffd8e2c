import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CoreKind } from '../../../agents/cores/options.ts';
import { ppoOptions } from '../../../src/ppo/config.ts';
import { newSession } from '../../../src/ppo/session.ts';
import { readEpisodes } from '../../../src/runs/index.ts';

const settings = {
  game: 'CueRecall',
  steps: 60_000,
  envs: 16,
  rollout: 32,
  learningRate: 3e-3,
  features: 32,
  modules: 4,
  units: 8,
  active: 2,
  hidden: 32,
};

/**
 * Trains on the task whose cue must be remembered.
 * @returns mean score of the last 200 games: 1 is perfect, 0 is chance
 */
async function finalScore(core: CoreKind): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-'));
  try {
    const session = await newSession(ppoOptions.parse({ ...settings, core }), 'test', join(folder, 'run'));
    await session.train({ report: () => {}, signal: new AbortController().signal });
    await session.close();
    const scores = readEpisodes(session.path).map(({ score }) => score);
    return scores.slice(-200).reduce((a, b) => a + b, 0) / 200;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const core of ['rim', 'lstm', 'gru'] as const) {
  test(`${core} learns to remember the cue`, async () => {
    const score = await finalScore(core);
    assert.ok(score > 0.9, `mean score ${score}`);
  });
}

test('ff, which cannot remember, stays at chance', async () => {
  const score = await finalScore('ff');
  assert.ok(Math.abs(score) < 0.3, `mean score ${score}`); // four deviations of a mean of 200 tosses
});
