import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { AtariPool } from '../../../envs/atari/index.ts';

/** Traces of ale-py's AtariVectorEnv; the file's `format` says how. */
interface Trace {
  readonly game: string;
  readonly seed: number;
  readonly observationHashes: readonly number[];
  readonly rewards: readonly number[];
  readonly terminated: readonly boolean[];
}

const oracle = JSON.parse(readFileSync(new URL('../../oracle/ale.json', import.meta.url), 'utf8')) as {
  preprocessed: Trace[];
};

/** As ale-py's vector environment was set for the traces. */
const asRecorded = { noopMax: 0, terminalOnLifeLoss: false, rewardClip: false } as const;
/** Divides the 120 steps of a trace, so that rollovers are seen too. */
const rolloutSteps = 40;
const pixels = 84 * 84;

/** FNV-1a-32 of a (84, 84, 4) stack in the order (4, 84, 84). */
function hashOf(stack: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let channel = 0; channel < 4; channel++) {
    for (let pixel = 0; pixel < pixels; pixel++) hash = Math.imul(hash ^ (stack[pixel * 4 + channel] ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

describe('the pool equals ale-py', { concurrency: 2 }, () => {
  for (const { game, seed, observationHashes, rewards, terminated } of oracle.preprocessed) {
    test(game, async () => {
      const pool = await AtariPool.create({ game, envs: 1, workers: 1, rolloutSteps, seed: 1, ...asRecorded });
      const row = (t: number): Uint8Array => pool.observations.subarray(t * pixels * 4, (t + 1) * pixels * 4);
      let state = seed;
      try {
        await pool.reset();
        assert.equal(hashOf(row(0)), observationHashes[0], 'after reset');
        for (let step = 0; step < rewards.length; step++) {
          const t = step % rolloutSteps;
          if (step > 0 && t === 0) pool.rollover();
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          pool.send(0, t, Int32Array.of((state >>> 16) % pool.actions));
          await pool.wait(0);
          assert.equal(hashOf(row(t + 1)), observationHashes[step + 1], `after step ${step}`);
          assert.equal(pool.rewards[t], rewards[step], `reward of step ${step}`);
          assert.equal(pool.terminated[t], Number(terminated[step]), `end of step ${step}`);
        }
      } finally {
        await pool.close();
      }
    });
  }
});
