import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ppoOptions } from '../../../src/ppo/config.ts';
import { newSession } from '../../../src/ppo/session.ts';
import { type EpisodeLine, readEpisodes, readMetrics } from '../../../src/runs/index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rim-agents-'));
after(() => rmSync(scratch, { recursive: true }));

/** Plays and learns Breakout for a little while. */
async function play(name: string, settings: Record<string, unknown>) {
  const small = { envs: 4, rollout: 32, epochs: 1, minibatches: 2, features: 32, units: 8, steps: 3000, frameCap: 700 };
  const session = await newSession(ppoOptions.parse({ ...small, ...settings }), 'test', join(scratch, name));
  await session.train({ report: () => {}, signal: new AbortController().signal });
  await session.close();
  const episodes = readEpisodes(session.path).map((line): EpisodeLine => ({ ...line, seconds: 0 }));
  return { episodes, losses: readMetrics(session.path).map(({ policyLoss, valueLoss }) => [policyLoss, valueLoss]) };
}

test('the same seed learns the same Breakout with any number of workers and groups; another does not', async () => {
  const one = await play('one', { seed: 1, workers: 1 });
  const again = await play('again', { seed: 1, workers: 2 });
  const halves = await play('halves', { seed: 1, workers: 2, groups: 2 });
  const other = await play('other', { seed: 2 });
  assert.ok(one.episodes.length >= 4, `${one.episodes.length} games`);
  assert.deepEqual(again, one);
  assert.deepEqual(halves, one);
  assert.notDeepEqual(other.episodes, one.episodes);
  for (const { activation, truncated, frames } of one.episodes) {
    assert.ok(activation && 'shares' in activation);
    assert.ok(
      Math.abs(activation.shares.reduce((a, b) => a + b, 0) - 4) < 1e-9,
      'shares sum to the number of active modules',
    );
    assert.equal(truncated, frames >= 700);
  }
});
