import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logSoftmax, mostLikely, sample } from '../../agents/categorical.ts';

test('log-softmax is exact for large logits', () => {
  const [a, b] = logSoftmax(Float32Array.of(1000, 1001));
  assert.ok(Math.abs((a as number) + Math.log(1 + Math.E)) < 1e-12);
  assert.ok(Math.abs((b as number) + Math.log(1 + 1 / Math.E)) < 1e-12);
});

test('the most likely category is the first of the largest', () => {
  assert.equal(mostLikely(Float32Array.of(-3, 2, 2, 1)), 1);
  assert.equal(mostLikely(Float32Array.of(-Infinity, -1e30)), 1);
});

test('a uniform number falls on the category whose part of [0, 1) it lies in', () => {
  const logProbabilities = Float64Array.of(0.25, 0, 0.5, 0.25).map(Math.log);
  const found = [0, 0.2499, 0.25, 0.7499, 0.75, 0.9999].map((uniform) => sample(logProbabilities, uniform));
  assert.deepEqual(found, [0, 0, 2, 2, 3, 3]);
});
