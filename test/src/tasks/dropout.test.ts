import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { dropout } from '../../../src/tasks/dropout.ts';

before(() => loadTensorFlow());

const size = 100_000;
const dropped = (rate: number, seed: number): Float32Array =>
  tf.tidy(() => dropout(tf.ones([size / 10, 10]), rate, seed, 'input').dataSync() as Float32Array);

test('drops the share, scales what is kept, and tells seeds apart', () => {
  for (const rate of [0.1, 0.5]) {
    const values = dropped(rate, 7);
    const zeros = values.filter((value) => value === 0).length;
    const deviation = Math.sqrt(size * rate * (1 - rate));
    assert.ok(Math.abs(zeros - size * rate) < 4 * deviation, `${zeros} of ${size} at ${rate}`);
    assert.ok(values.every((value) => value === 0 || Math.abs(value - 1 / (1 - rate)) < 1e-6));
    assert.deepEqual(dropped(rate, 7), values);
  }
  // Masks of neighbouring seeds, and neighbours in a mask, agree no more often than by chance.
  const [a, b] = [dropped(0.5, 8), dropped(0.5, 9)];
  const agreement = (first: Float32Array, second: Float32Array): number =>
    first.filter((value, i) => value === second[i]).length;
  for (const other of [b, a.slice(1), a.slice(64)])
    assert.ok(Math.abs(agreement(other, a) - other.length / 2) < 4 * Math.sqrt(size / 4));
});

test('without a rate nothing is done, and gradient flows through what is kept', () => {
  tf.tidy(() => {
    const x = tf.ones([50]);
    assert.equal(dropout(x, 0, 1, 'input'), x);
    const gradient = tf.grad((y: tf.Tensor) => tf.sum(dropout(y, 0.5, 3, 'hidden')))(x);
    assert.deepEqual(gradient.dataSync(), dropout(x, 0.5, 3, 'hidden').dataSync());
  });
});
