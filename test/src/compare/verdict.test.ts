import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chanceOfOrder, verdict } from '../../../src/compare/verdict.ts';

const exactly = (estimate: number, low = estimate, high = estimate) => ({ estimate, low, high });
const arm = (name: string, iqm: number, runs: readonly number[]) => ({
  name,
  iqm: exactly(iqm, iqm - 1, iqm + 1),
  runs,
});

test('the sentence says who is ahead, by how much, and how sure that is', () => {
  const few = verdict(arm('rim', 12.3, [2]), arm('lstm', 10.1, [2]), exactly(0.75, 0.25, 1));
  assert.equal(
    few.sentence,
    'rim is ahead of lstm: IQM 12.3 [11.3, 13.3] against 10.1 [9.10, 11.1]; probability of improvement ' +
      '0.75 [0.25, 1.00]; 2 seeds: too few to be sure.',
  );
  const apart = exactly(1, 1, 1);
  assert.equal(verdict(arm('a', 9, [2]), arm('b', 1, [2]), apart).sure, false, 'two seeds never are enough');
  assert.equal(verdict(arm('a', 9, [5]), arm('b', 1, [5]), apart).sure, true);
  assert.match(verdict(arm('a', 9, [5]), arm('b', 1, [5]), apart).sentence, /5 seeds: enough to be sure\.$/);
  const close = verdict(arm('a', 9, [5]), arm('b', 8, [5]), exactly(0.6, 0.4, 0.8));
  assert.match(close.sentence, /5 seeds: the order may be chance\.$/);
  const even = verdict(arm('a', 9, [5, 4]), arm('b', 9, [5, 5]), exactly(0.5));
  assert.match(even.sentence, /^a and b are level: .* 4 to 5 seeds/);
});

test('how often chance alone orders two equal arms: counted over all orders of their runs', () => {
  for (const [x, y] of [
    [2, 2],
    [3, 2],
    [3, 3],
    [1, 1],
  ] as const) {
    const orders = subsets(x + y, x);
    const isApart = (ranks: readonly number[]): boolean => Math.max(...ranks) === x - 1 || Math.min(...ranks) === y;
    const counted = orders.filter(isApart).length / orders.length;
    assert.ok(Math.abs(chanceOfOrder([x], [y]) - counted) < 1e-12, `${x}, ${y}`);
  }
  assert.ok(Math.abs(chanceOfOrder([2, 2], [2, 2]) - 2 / 36) < 1e-12, 'of two games both must be so, and the same way');
});

/** All sets of k of the ranks 0..n-1. */
function subsets(n: number, k: number): number[][] {
  if (k === 0) return [[]];
  return Array.from({ length: n }, (_, last) => last).flatMap((last) =>
    subsets(last, k - 1).map((others) => [...others, last]),
  );
}
