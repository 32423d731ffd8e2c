import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AtariPool } from '../../../envs/atari/index.ts';
import { readAleFile } from '../../../src/conformance/ale-file.ts';
import { actionSource, fnv } from '../../../src/conformance/trace-rules.ts';

const traces = readAleFile(fileURLToPath(new URL('../../oracle/ale.json', import.meta.url))).filter(
  (trace) => trace.kind === 'preprocessed',
);

/** As ale-py's vector environment was set for the traces. */
const asRecorded = { noopMax: 0, terminalOnLifeLoss: false, rewardClip: false } as const;
/** Divides the 120 steps of a trace, so that rollovers are seen too. */
const rolloutSteps = 40;
const pixels = 84 * 84;

/** Hash of a (84, 84, 4) stack in the order (4, 84, 84). */
function hashOf(stack: Uint8Array): number {
  return fnv(Uint8Array.from(stack, (_, i) => stack[(i % pixels) * 4 + Math.floor(i / pixels)] ?? 0));
}

describe('the pool equals ale-py', { concurrency: 2 }, () => {
  for (const { game, seed, observationHashes, rewards, terminated } of traces) {
    test(game, async () => {
      const pool = await AtariPool.create({ game, envs: 1, workers: 1, rolloutSteps, seed: 1, ...asRecorded });
      const row = (t: number): Uint8Array => pool.observations.subarray(t * pixels * 4, (t + 1) * pixels * 4);
      const nextAction = actionSource(seed, [...Array(pool.actions).keys()]);
      try {
        await pool.reset();
        assert.equal(hashOf(row(0)), observationHashes[0], 'after reset');
        for (let step = 0; step < rewards.length; step++) {
          const t = step % rolloutSteps;
          if (step > 0 && t === 0) pool.rollover();
          pool.send(0, t, Int32Array.of(nextAction()));
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
