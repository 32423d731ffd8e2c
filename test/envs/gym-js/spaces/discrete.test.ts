import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Discrete } from 'gym-js';

test('samples are its elements, each as often', () => {
  const space = new Discrete(5, -2);
  space.seed(7);
  const counts = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    const sample = space.sample();
    assert.ok(space.contains(sample));
    counts.set(sample, (counts.get(sample) ?? 0) + 1);
  }
  assert.deepEqual(
    [...counts.keys()].sort((a, b) => a - b),
    [-2, -1, 0, 1, 2],
  );
  for (const count of counts.values()) assert.ok(Math.abs(count / 20_000 - 0.2) < 0.015, `${count}`);
});

test('what is not an element is refused', () => {
  const space = new Discrete(3, 1);
  assert.deepEqual(space.shape, []);
  for (const value of [0, 4, 1.5, NaN, '1', null]) assert.ok(!space.contains(value), `${value}`);
  assert.ok(space.contains(1) && space.contains(3));
});

test('the same seed gives the same samples; without one every space has its own', () => {
  const draw = (space: Discrete): number[] => Array.from({ length: 20 }, () => space.sample());
  const [one, other] = [new Discrete(100), new Discrete(100)];
  assert.notDeepEqual(draw(one), draw(other));
  assert.equal(one.seed(5), 5);
  const again = other.seed(5);
  assert.equal(again, 5);
  assert.deepEqual(draw(one), draw(other));
  const fresh = one.seed();
  other.seed(fresh);
  assert.deepEqual(draw(one), draw(other));
});

test('sizes that cannot be are refused', () => {
  assert.throws(() => new Discrete(0), { name: 'RangeError', message: /n 0/ });
  assert.throws(() => new Discrete(2.5), { name: 'RangeError', message: /n 2.5/ });
  assert.throws(() => new Discrete(2, 0.5), { name: 'RangeError', message: /start 0.5/ });
});
