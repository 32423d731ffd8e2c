import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratio, spread, steadyRate } from './rate.ts';

test('the rate leaves out start-up and warm-up', () => {
  // 10 s of start-up, a first update of 5 s, then 2 s each.
  const ends = [15, 17, 19, 21];
  assert.equal(steadyRate(ends, { warmup: 1, updates: 3 }, 1024), 512);
});

test('the rate does not depend on when the clock began', () => {
  const ends = [3, 4.5, 6.5, 7.75, 9];
  const window = { warmup: 2, updates: 3 };
  const later = ends.map((end) => end + 100);
  assert.equal(steadyRate(ends, window, 1000), steadyRate(later, window, 1000));
});

test('a training that ended early has no rate', () => {
  assert.throws(() => steadyRate([1, 2, 3], { warmup: 1, updates: 3 }, 1024), /3 updates are too few for 1 \+ 3/);
});

test('best and median of rounds, odd and even', () => {
  assert.deepEqual(spread([3, 1, 2]), { best: 3, median: 2 });
  assert.deepEqual(spread([4, 1, 2, 3]), { best: 4, median: 2.5 });
});

test('a slow minute of the machine that hits both of a round does not move the median ratio', () => {
  const { best, median, rounds } = ratio([300, 30, 300], [200, 20, 200]);
  assert.deepEqual(rounds, [1.5, 1.5, 1.5]);
  assert.deepEqual([best, median], [1.5, 1.5]);
});

test('rounds must pair up', () => {
  assert.throws(() => ratio([1, 2], [1]), RangeError);
});
