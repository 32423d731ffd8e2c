import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Box, Dict, Discrete, flatdim, flatten, MultiBinary, MultiDiscrete, Text, Tuple } from 'gym-js';
import { vectorCode } from '../../envs/vector-code.ts';

const nested = new Dict({
  b: new Tuple([new Discrete(3, -1), new Box({ low: -1, high: 1, shape: [2], dtype: 'float32' })]),
  a: new MultiDiscrete([2, 4], { start: [5, 0] }),
  c: new MultiBinary(3),
});

test('without whole numbers in boxes the code is flattening as in Gymnasium', () => {
  const code = vectorCode(nested);
  assert.equal(code.size, flatdim(nested));
  nested.seed(1);
  for (let i = 0; i < 20; i++) {
    const element = nested.sample();
    const vector = new Float32Array(code.size + 2);
    code.write(element, vector, 1);
    assert.deepEqual([...vector.subarray(1, -1)], [...flatten(nested, element)]);
  }
});

test('whole numbers in a box are one-hot, each within its own bounds', () => {
  const code = vectorCode(new Box({ low: [0, 3], high: [2, 4], shape: [2], dtype: 'uint8' }));
  const vector = new Float32Array(code.size);
  code.write(Uint8Array.of(1, 4), vector, 0);
  assert.deepEqual([...vector], [0, 1, 0, 0, 1]);
});

test('a space that no network takes is refused', () => {
  assert.throws(() => vectorCode(new Text(3)), { name: 'UserError', message: /a Text space cannot be given/ });
});
