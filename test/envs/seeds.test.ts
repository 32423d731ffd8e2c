import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentSeed } from '../../envs/seeds.ts';

test('seeds of neighbouring runs and environments differ, and fit 31 bits', () => {
  const seeds = new Set<number>();
  for (let run = 0; run < 100; run++) {
    for (let env = 0; env < 100; env++) {
      const seed = environmentSeed(run, env);
      assert.ok(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31);
      seeds.add(seed);
    }
  }
  assert.ok(seeds.size > 9990, `${seeds.size} of 10,000 differ`);
});

test('every bit of the seed of a run counts', () => {
  const seeds = Array.from({ length: 53 }, (_, bit) => environmentSeed(2 ** bit, 0));
  assert.equal(new Set(seeds).size, 53);
});
