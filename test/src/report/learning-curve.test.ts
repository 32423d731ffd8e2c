import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestMean, learningCurve, roundSteps } from '../../../src/report/learning-curve.ts';

test('round steps go up to the last that was reached', () => {
  assert.deepEqual(roundSteps(25_000), [5000, 10_000, 15_000, 20_000, 25_000]);
  assert.deepEqual(roundSteps(24_999), [5000, 10_000, 15_000, 20_000]);
  // A run ends with the rollout under way.
  for (const end of [1_000_000, 1_000_448])
    assert.deepEqual(
      roundSteps(end),
      Array.from({ length: 10 }, (_, i) => (i + 1) * 100_000),
    );
  assert.deepEqual(roundSteps(0), []);
});

test('the best mean is one of a hundred games, if there are so many', () => {
  const curve = learningCurve(Array.from({ length: 150 }, (_, i) => ({ agentStep: i, score: i === 0 ? 500 : 1 })));
  assert.equal(bestMean(curve), (500 + 99) / 100);
  assert.equal(bestMean(curve.slice(0, 2)), 500);
  assert.equal(bestMean([]), null);
});
