import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasEnough, ratio, spread, steadyRate } from './rate.ts';

test('the rate leaves out start-up and warm-up', () => {
  // 10 s of start-up, a first update of 5 s, then 2 s each.
  const ends = [15, 17, 19, 21];
  assert.equal(steadyRate(ends, 1, 1024), 512);
});

test('the rate does not depend on when the clock began', () => {
  const ends = [3, 4.5, 6.5, 7.75, 9];
  const later = ends.map((end) => end + 100);
  assert.equal(steadyRate(ends, 2, 1000), steadyRate(later, 2, 1000));
});

test('a training that ended in its warm-up has no rate', () => {
  assert.throws(() => steadyRate([1, 2], 2, 1024), /2 updates are too few for a warm-up of 2/);
});

test('a fast program is ended by its updates, a slow one by its time, a very slow one after two', () => {
  const window = { warmup: 1, updates: 4, seconds: 10 };
  assert.equal(hasEnough([5, 6, 7, 8], window), false);
  assert.equal(hasEnough([5, 6, 7, 8, 9], window), true);
  assert.equal(hasEnough([5, 9, 13], window), false);
  assert.equal(hasEnough([5, 9, 13, 17], window), true);
  assert.equal(hasEnough([50, 90], window), false);
  assert.equal(hasEnough([50, 90, 130], window), true);
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
