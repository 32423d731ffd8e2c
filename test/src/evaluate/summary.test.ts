import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarised } from '../../../src/evaluate/summary.ts';

const games = (scores: readonly number[]) => scores.map((score) => ({ score, steps: 10, truncated: score === 0 }));

test('statistics of scores, in closed form', () => {
  const summary = summarised({ name: 'Breakout' }, games([0, 1, 2, 3, 4, 5, 6, 43]), { nearZero: 0 });
  assert.equal(summary.mean, 8);
  assert.equal(summary.median, 3.5);
  // Squares of the distances from 8: 64, 49, 36, 25, 16, 9, 4 and 35².
  assert.ok(Math.abs((summary.deviation as number) - Math.sqrt((203 + 35 ** 2) / 7)) < 1e-12);
  assert.equal(summary.iqm.estimate, 3.5); // the middle half: 2, 3, 4, 5
  assert.ok(summary.iqm.low > 0 && summary.iqm.low < 3 && summary.iqm.high > 4 && summary.iqm.high < 43);
  assert.ok(Math.abs((summary.humanNormalised as number) - (8 - 1.7) / (30.5 - 1.7)) < 1e-12);
  assert.deepEqual([summary.lowest, summary.highest, summary.meanSteps, summary.truncated], [0, 43, 10, 1]);
  const one = summarised({ name: 'CartPole-v1' }, games([7]), { nearZero: 0 });
  assert.deepEqual([one.deviation, one.humanNormalised], [null, null]);
  // The published scores are of the game's own mode and difficulty.
  for (const variant of [{ mode: 8 }, { difficulty: 1 }])
    assert.equal(summarised({ name: 'Breakout', ...variant }, games([7]), { nearZero: 0 }).humanNormalised, null);
  assert.deepEqual(one.iqm, { estimate: 7, low: 7, high: 7 });
});
