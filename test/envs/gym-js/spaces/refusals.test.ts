import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Box,
  Dict,
  Discrete,
  flatdim,
  flatten,
  MultiBinary,
  MultiDiscrete,
  Space,
  type SpaceSeed,
  Text,
  Tuple,
  unflatten,
} from 'gym-js';

const refused = (act: () => unknown, message: RegExp): void => void assert.throws(act, { name: 'RangeError', message });

test('spaces that cannot be are refused by name and value', () => {
  refused(() => new MultiDiscrete([2, 0]), /nvec 0 is not a whole number from 1 to 2147483647, element 1/);
  refused(() => new MultiDiscrete([200], { dtype: 'int8' }), /nvec 200/);
  refused(() => new MultiDiscrete([100], { start: [100], dtype: 'int8' }), /100 to 199 does not fit int8/);
  refused(() => new MultiDiscrete([2, 2], { start: [1] }), /start has 1 elements, the shape 2/);
  refused(() => new MultiDiscrete([2, 2, 2], { shape: [2, 2] }), /nvec has 3 elements, the shape 4/);
  refused(() => new MultiDiscrete([2], { dtype: 'float32' as 'int8' }), /dtype "float32" is no integer type/);
  refused(() => new MultiBinary(0), /shape \[0\] has no elements/);
  refused(() => new MultiBinary([2, 1.5]), /shape \[2, 1.5\]/);
  refused(() => new Text(2, { minLength: 3 }), /lengths from 3 to 2/);
  refused(() => new Text(2, { charset: new Set(['a', 'bc']) }), /"bc" is not one character/);
  refused(() => new Box({ low: 0, high: 1, dtype: 'int64' as 'int32' }), /dtype "int64"/);
  refused(() => new Box({ low: 0, high: 1e39 }), /bound 1e\+39 does not fit float32/);
  refused(() => new Box({ low: -Infinity, high: 1, dtype: 'uint16' }), /bound -Infinity is not a whole number/);
  refused(() => new Discrete(2, 2 ** 53 - 1), /above 2\^53/);
});

test('masks and probabilities that do not fit are refused', () => {
  const discrete = new Discrete(3);
  refused(() => discrete.sample({ mask: [1, 1] }), /a mask of 2 values, 3 are needed/);
  refused(() => discrete.sample({ mask: [1, 2, 0] }), /mask value 2 is none of 0, 1/);
  refused(() => discrete.sample({ probability: [1, 0.5, -0.5] }), /probability -0.5 is not from 0 to 1/);
  refused(() => discrete.sample({ probability: [0.5, 0.5, 0.5] }), /sum is 1.5, not 1/);
  refused(() => discrete.sample({ mask: [1, 1, 1], probability: [1, 0, 0] }), /not both/);
  refused(() => new Box({ low: 0, high: 1 }).sample({ mask: [1] }), /no mask/);
  refused(() => new MultiDiscrete([2, 2]).sample({ mask: [[1, 1]] }), /1 masks for 2 elements/);
  refused(() => new MultiBinary(2).sample({ probability: [0.5, NaN] }), /probability NaN/);
  refused(() => new Text(4).sample({ mask: [5, null] }), /length 5 is not from 1 to 4/);
  refused(() => new Text(4, { charset: 'ab' }).sample({ mask: [null, [0, 0]] }), /leaves no character/);
  refused(() => new Tuple([discrete]).sample({ mask: [] }), /0 masks for 1 spaces/);
  refused(() => new Dict({ a: discrete }).sample({ mask: { b: [1, 1, 1] } }), /masks for b, the keys are a/);
});

test('seeds that do not fit are refused', () => {
  refused(() => new Discrete(3).seed([1]), /Discrete\(3\) takes one seed, not \[1\]/);
  refused(() => new Tuple([new Discrete(3)]).seed([1, 2]), /\[1,2\] is not a list of 1 seeds/);
  refused(() => new Tuple([new Discrete(3)]).seed({ 0: 1 }), /is not a list/);
  refused(() => new Dict({ a: new Discrete(3) }).seed({ b: 1 }), /seeds for b, the keys are a/);
  refused(() => new Dict({ a: new Discrete(3) }).seed([1] as readonly SpaceSeed[]), /the keys are a/);
  refused(() => new Dict({ a: new Discrete(3) }).seed(-1), /seed -1/);
});

test('what is not an element is not contained', () => {
  const dict = new Dict({ a: new Discrete(3), b: new Tuple([new MultiBinary(2), new Text(2, { charset: 'ab' })]) });
  const bits = Int8Array.of(0, 1);
  assert.ok(dict.contains({ a: 1, b: [bits, 'ab'] }));
  for (const other of [
    null,
    'a',
    { a: 1 },
    { a: 3, b: [bits, 'ab'] },
    { a: 1, b: [bits, 'ab'], c: 0 },
    { a: 1, b: [bits] },
    { a: 1, b: { 0: bits, 1: 'ab' } },
    { a: 1, b: [Int8Array.of(0, 2), 'ab'] },
    { a: 1, b: [Uint8Array.of(0, 1), 'ab'] },
    { a: 1, b: [bits, 'abc'] },
    { a: 1, b: [bits, ''] },
    { a: 1, b: [bits, 'c'] },
  ]) {
    assert.ok(!dict.contains(other), JSON.stringify(other));
  }
  const levels = new MultiDiscrete([3, 2], { start: [1, 0], dtype: 'int8' });
  assert.ok(levels.contains(Int8Array.of(3, 1)));
  for (const other of [Int8Array.of(0, 1), Int8Array.of(4, 1), Int8Array.of(1), Int16Array.of(1, 1), [1, 1]]) {
    assert.ok(!levels.contains(other));
  }
});

test('spaces with a difference are not equal', () => {
  const pairs: [Space<unknown>, Space<unknown>][] = [
    [new Box({ low: 0, high: 1 }), new Box({ low: 0, high: 1.1 })],
    [new Box({ low: 0, high: 1 }), new Box({ low: 0, high: 1, dtype: 'float64' })],
    [new Box({ low: 0, high: 1, shape: [2, 1] }), new Box({ low: 0, high: 1, shape: [1, 2] })],
    [new Discrete(2), new Discrete(2, 1)],
    [new Discrete(2), new MultiDiscrete([2])],
    [new MultiDiscrete([2, 3]), new MultiDiscrete([2, 3], { start: [0, 1] })],
    [new MultiDiscrete([2, 3]), new MultiDiscrete([2, 3], { shape: [1, 2] })],
    [new MultiBinary(4), new MultiBinary([2, 2])],
    [new Text(3), new Text(3, { minLength: 0 })],
    [new Text(3, { charset: 'ab' }), new Text(3, { charset: 'ac' })],
    [new Tuple([new Discrete(2)]), new Tuple([new Discrete(2), new Discrete(2)])],
    [new Dict({ a: new Discrete(2) }), new Dict({ b: new Discrete(2) })],
    [new Dict({ a: new Discrete(2) }), new Dict({ a: new Discrete(3) })],
  ];
  for (const [one, other] of pairs) {
    assert.ok(!one.equals(other) && !other.equals(one), `${one.toString()} and ${other.toString()}`);
  }
  assert.ok(new Box({ low: 0, high: 1 }).equals(new Box({ low: 0, high: 1 + 1e-7 })), 'rounding does not count');
});

test('a box knows on which sides it is bounded', () => {
  const half = new Box({ low: [0, -1], high: [1, Infinity] });
  assert.deepEqual([half.isBounded('below'), half.isBounded('above'), half.isBounded()], [true, false, false]);
  assert.ok(new Box({ low: 0, high: 1 }).isBounded());
  assert.deepEqual(half.shape, [2], 'without a shape the bounds give it');
  assert.deepEqual(new Box({ low: 0, high: 1 }).shape, [1]);
});

test('only elements flatten, only their arrays unflatten', () => {
  refused(() => flatten(new Discrete(3), 3), /the value is not in Discrete\(3\)/);
  refused(() => unflatten(new Discrete(3), [0, 1]), /2 numbers, Discrete\(3\) has 3/);
  refused(() => unflatten(new Discrete(3), [0, 0, 0]), /3 zeros stand where Discrete\(3\) has a one/);
  class Nothing extends Space<never> {
    readonly shape = null;
    sample(): never {
      throw new Error('nothing');
    }
    contains(_value: unknown): _value is never {
      return false;
    }
    equals(other: unknown): boolean {
      return other instanceof Nothing;
    }
    toString(): string {
      return 'Nothing()';
    }
  }
  assert.throws(() => flatdim(new Tuple([new Nothing()])), { name: 'TypeError', message: /Nothing\(\) is none of/ });
});
