import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activationStatistics, emptySums } from '../../../src/activation/statistics.ts';

test('the share near zero is at most 1, however its float32 sum was rounded', () => {
  const sizes = { outputSize: 3 };
  const sums = { ...emptySums(sizes), steps: 6_000_001, nearZero: Math.fround(18_000_003) };
  assert.ok(sums.nearZero > sums.steps * sizes.outputSize, 'float32 has no 18,000,003');
  assert.deepEqual(activationStatistics(sums, sizes), { nearZero: 1 });
});
