import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ppoOptions, withMachine } from '../../../src/ppo/config.ts';

/** What a machine with so many cores makes of the options. */
function resolved(cores: number, given: Record<string, unknown> = {}) {
  const { workers, threads, groups } = withMachine(ppoOptions.parse(given), cores);
  return { workers, threads, groups };
}

test('what is not given follows the number of cores: two groups where they are many', () => {
  assert.deepEqual(resolved(2), { workers: 2, threads: 2, groups: 1 });
  assert.deepEqual(resolved(7), { workers: 7, threads: 7, groups: 1 });
  assert.deepEqual(resolved(8), { workers: 8, threads: 8, groups: 2 });
  assert.deepEqual(resolved(64, { envs: 32 }), { workers: 32, threads: 64, groups: 2 });
});

test('an odd number of environments stays in one group', () => {
  assert.equal(resolved(64, { envs: 9, minibatches: 3 }).groups, 1);
});

test('what is given stays', () => {
  assert.deepEqual(resolved(64, { workers: 3, threads: 5, groups: 1 }), { workers: 3, threads: 5, groups: 1 });
  assert.equal(resolved(2, { groups: 2 }).groups, 2);
});
