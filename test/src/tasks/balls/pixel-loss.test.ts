import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../../agents/kernels/backend.ts';
import { Random } from '../../../../agents/random.ts';
import { frameErrors, pixelLoss } from '../../../../src/tasks/balls/pixel-loss.ts';

before(() => loadTensorFlow({ threads: 2 }));

const random = new Random(1);
const logits = Array.from({ length: 12 }, () => 3 * random.normal());
const pixels = Array.from({ length: 12 }, () => random.integer(2));
const probability = (z: number): number => 1 / (1 + Math.exp(-z));
/** As the definition has it, in float64. */
const nats = logits.map((z, i) => -Math.log(pixels[i] ? probability(z) : 1 - probability(z)));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function near(actual: number | undefined, expected: number, what: string): void {
  assert.ok(Math.abs((actual ?? NaN) - expected) < 1e-5 * (1 + Math.abs(expected)), `${what}: ${actual}, ${expected}`);
}

test('the loss is the sum over pixels and the mean over frames; its gradient (probability - pixel) / frames', () => {
  const loss = tf.valueAndGrad((z) => pixelLoss(z, tf.tensor2d(pixels, [3, 4])));
  const { value, grad } = loss(tf.tensor2d(logits, [3, 4]));
  near(value.dataSync()[0], sum(nats) / 3, 'loss');
  for (const [i, own] of grad.dataSync().entries())
    near(own, (probability(logits[i] as number) - (pixels[i] as number)) / 3, `gradient ${i}`);
});

test('a scaled loss has a scaled gradient', () => {
  const scaled = tf.grad((z) => tf.mul(5, pixelLoss(z, tf.tensor2d(pixels, [3, 4]))));
  const gradient = scaled(tf.tensor2d(logits, [3, 4])).dataSync();
  near(gradient[0], (5 * (probability(logits[0] as number) - (pixels[0] as number))) / 3, 'gradient');
});

test('logits that are far off cost what they are off, and none is infinite', () => {
  const loss = tf.tidy(() => pixelLoss(tf.tensor2d([[1000, -1000, 1000]]), tf.tensor2d([[0, 1, 1]])));
  assert.equal(loss.dataSync()[0], 2000);
});

test('errors of frames: sums of nats and mean squares, mean over the batch', () => {
  const [steps, batch, count] = [2, 2, 3];
  const before = tf.memory().numTensors;
  const [z, y] = [tf.tensor3d(logits, [steps, batch, count]), tf.tensor3d(pixels, [steps, batch, count])];
  const { crossEntropy, squaredError } = frameErrors(z, y);
  tf.dispose([z, y]);
  assert.equal(tf.memory().numTensors, before);
  const squares = logits.map((own, i) => (probability(own) - (pixels[i] as number)) ** 2);
  for (const t of [0, 1]) {
    const own = (values: readonly number[]): number => sum(values.slice(t * batch * count, (t + 1) * batch * count));
    near(crossEntropy[t], own(nats) / batch, 'nats');
    near(squaredError[t], own(squares) / batch / count, 'square');
  }
});
