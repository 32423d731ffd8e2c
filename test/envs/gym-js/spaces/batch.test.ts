import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  batchSpace,
  Box,
  concatenate,
  createEmptyArray,
  Dict,
  Discrete,
  iterate,
  MultiBinary,
  MultiDiscrete,
  Space,
  Text,
  Tuple,
} from 'gym-js';

const nested = new Dict({
  picture: new Box({ low: 0, high: 255, shape: [2, 3], dtype: 'uint8' }),
  scalar: new Box({ low: 0, high: 1, shape: [], dtype: 'float64' }),
  words: new Tuple([new Text(4), new Discrete(5, 2), new MultiBinary([2, 2])]),
  levels: new MultiDiscrete([3, 4], { start: [0, -9], dtype: 'int8' }),
});

test('elements that were put together come apart again, and are in the batched space', () => {
  nested.seed(1);
  const elements = Array.from({ length: 4 }, () => nested.sample());
  const out = createEmptyArray(nested, 4);
  const batch = concatenate(nested, elements, out);
  assert.ok(batchSpace(nested, 4).contains(batch));
  assert.deepEqual([...iterate(nested, batch)], elements);
  assert.equal(batch.picture, out.picture, 'arrays are filled where they are');
  assert.deepEqual(
    batch.words[1],
    Int32Array.from(elements, ({ words }) => words[1]),
  );
});

test('a sampled batch is made of elements', () => {
  const batched = batchSpace(nested, 5);
  batched.seed(3);
  const elements = [...iterate(nested, batched.sample())];
  assert.equal(elements.length, 5);
  for (const element of elements) assert.ok(nested.contains(element));
});

test('a batched space goes on from a copy of the generator, the single space by itself', () => {
  const [space, same] = [new Box({ low: 0, high: 1, shape: [3] }), new Box({ low: 0, high: 1, shape: [3] })];
  space.seed(5);
  same.seed(5);
  const batch = batchSpace(space, 2).sample();
  assert.deepEqual(Float32Array.of(...space.sample(), ...space.sample()), batch);
  assert.deepEqual(Float32Array.of(...same.sample(), ...same.sample()), batch);
});

test('a space of another kind is batched as a tuple of copies with their own seeds', () => {
  class Coin extends Space<boolean> {
    readonly shape = null;
    sample(): boolean {
      return this.npRandom.random() < 0.5;
    }
    contains(value: unknown): value is boolean {
      return typeof value === 'boolean';
    }
    equals(other: unknown): boolean {
      return other instanceof Coin;
    }
    toString(): string {
      return 'Coin()';
    }
  }
  const coins = batchSpace(new Coin(), 64);
  assert.equal(coins.toString(), `Tuple(${'Coin(), '.repeat(63)}Coin())`);
  const sample = coins.sample();
  assert.ok(sample.includes(true) && sample.includes(false));
  assert.ok(coins.contains(sample));
  assert.deepEqual([...iterate(new Coin(), sample)], [...sample]);
});

test('a Discrete beyond 32 bits has no batch', () => {
  assert.throws(() => batchSpace(new Discrete(2 ** 40), 2), { name: 'RangeError', message: /nvec 1099511627776/ });
});
