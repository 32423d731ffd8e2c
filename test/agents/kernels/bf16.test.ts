// Products in bfloat16: what they give is what plain tfjs gives of factors that were rounded before, and points where
// float32 points. Run once more for each narrower instruction set by instruction-sets.test.ts.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { describeKernels, type Kernels, selectKernels } from '../../../agents/kernels/index.ts';
import { Random } from '../../../agents/random.ts';
import { UserError } from '../../../agents/user-error.ts';
import * as cases from './cases.ts';
import { type Evaluated, randomTensor, type Tensors } from './cases.ts';

/** To the nearest number of 8 significant bits, of two as near to the one whose last bit is 0. */
function rounded<T extends tf.Tensor>(x: T): T {
  const bits = new Uint32Array((x.dataSync() as Float32Array).slice().buffer);
  const upper = bits.map((word) => (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000);
  return tf.tensor(new Float32Array(upper.buffer), x.shape) as T;
}

/** A factor of a product: rounded in the product, while its gradient passes as it is. */
const factor = tf.customGrad((x) => ({
  value: rounded(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => dy,
}));
/** A product: its gradient is rounded, because it is a factor of the products that give the factors' gradients. */
const product = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => rounded(dy),
}));

function roundedNatureConv(frames: tf.Tensor4D, { w0, b0, w1, b1, w2, b2 }: Tensors): tf.Tensor {
  const layer = (
    x: tf.Tensor,
    weights: tf.Tensor | undefined,
    bias: tf.Tensor | undefined,
    stride: number,
  ): tf.Tensor =>
    tf.relu(
      tf.add(
        product(tf.conv2d(x as tf.Tensor4D, factor(weights as tf.Tensor) as tf.Tensor4D, stride, 'valid')),
        bias as tf.Tensor,
      ),
    );
  const y0 = layer(frames, tf.mul(w0 as tf.Tensor, 1 / 255), b0, 4);
  const y1 = layer(factor(y0), w1, b1, 2);
  return tf.reshape(layer(factor(y1), w2, b2, 1), [frames.shape[0], -1]);
}

const count = 11;
const random = new Random(7);
const bytes = Uint8Array.from({ length: count * 84 * 84 * 4 }, () => random.integer(256));

function natureTensors(): Tensors {
  const shapes = { w0: [8, 8, 4, 32], b0: [32], w1: [4, 4, 32, 64], b1: [64], w2: [3, 3, 64, 64], b2: [64] };
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      randomTensor(random, shape, shape.length > 1 ? Math.sqrt(2 / shape.slice(0, -1).reduce((a, b) => a * b)) : 0.1),
    ]),
  );
}

function evaluate(tensors: Tensors, run: (given: Tensors) => tf.Tensor): Evaluated {
  const lossWeights = randomTensor(new Random(3), [count, 3136]);
  return cases.evaluate(tensors, (given) => {
    const features = run(given);
    return { outputs: { features }, loss: tf.sum(tf.mul(features, lossWeights)) };
  });
}

const natureConv = (kernels: Kernels, tensors: Tensors): Evaluated =>
  evaluate(tensors, (given) => {
    const frames = kernels.uint8Tensor(bytes, [count, 84, 84, 4]);
    return cases.runNatureConv(kernels, frames, given);
  });

function cosine(a: tf.Tensor, b: tf.Tensor): number {
  const dot = (x: tf.Tensor, y: tf.Tensor): number => tf.sum(tf.mul(x, y)).dataSync()[0] as number;
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('products in bfloat16', () => {
  before(() => loadTensorFlow());

  test('NatureCNN equals plain tfjs with rounded factors, values and gradients', () => {
    const tensors = natureTensors();
    const ours = natureConv(selectKernels('native', 'bf16'), tensors);
    const frames = tf.tensor4d(Float32Array.from(bytes), [count, 84, 84, 4]);
    const reference = evaluate(tensors, (given) => roundedNatureConv(frames, given));
    // Sums in another order differ in float32's last bits; a few of them are then rounded to the other neighbour.
    cases.assertAllClose(ours.outputs, reference.outputs, 1e-3);
    cases.assertAllClose(ours.grads, reference.grads, 5e-3);
  });

  for (const [rows, inputs, outputs] of [
    [256, 3136, 510],
    [8, 3136, 510],
    [13, 77, 51],
    [1, 1, 1],
    [3, 401, 33],
  ] as const)
    test(`a dense layer of ${inputs} x ${outputs} equals plain tfjs with rounded factors, ${rows} rows`, () => {
      const draw = new Random(rows);
      const tensors = {
        x: randomTensor(draw, [rows, inputs]),
        weights: randomTensor(draw, [inputs, outputs], 1 / Math.sqrt(inputs)),
        bias: randomTensor(draw, [outputs], 0.1),
      };
      const lossWeights = randomTensor(draw, [rows, outputs]);
      const evaluateDense = (
        dense: (x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D) => tf.Tensor,
      ): Evaluated =>
        cases.evaluate(tensors, ({ x, weights, bias }) => {
          const y = dense(x as tf.Tensor2D, weights as tf.Tensor2D, bias as tf.Tensor1D);
          return { outputs: { y }, loss: tf.sum(tf.mul(y, lossWeights)) };
        });
      const ours = evaluateDense((...given) => selectKernels('native', 'bf16').denseRelu(...given));
      const reference = evaluateDense((x, weights, bias) =>
        tf.relu(tf.add(product(tf.matMul(factor(x) as tf.Tensor2D, factor(weights) as tf.Tensor2D)), bias)),
      );
      cases.assertAllClose(ours.outputs, reference.outputs, 1e-5);
      cases.assertAllClose(ours.grads, reference.grads, 1e-5);
    });

  test('gradients of NatureCNN have a cosine above 0.98 to those in float32', () => {
    const tensors = natureTensors();
    const [bf16, float32] = [
      natureConv(selectKernels('native', 'bf16'), tensors),
      natureConv(selectKernels('native'), tensors),
    ];
    for (const [name, gradient] of Object.entries(float32.grads)) {
      const similarity = cosine(gradient, bf16.grads[name] as tf.Tensor);
      assert.ok(similarity > 0.98, `${name}: ${similarity}`);
      assert.ok(similarity < 1 - 1e-6, `${name} is not rounded`);
    }
  });

  test('acting gives what learning gives', () => {
    const kernels = selectKernels('native', 'bf16');
    const tensors = natureTensors();
    const acted = cases.runNatureConv(kernels, kernels.uint8Tensor(bytes, [count, 84, 84, 4]), tensors);
    cases.assertAllClose({ features: acted }, natureConv(kernels, tensors).outputs, 0);
  });

  test('need native kernels, and are named where they are used', () => {
    assert.throws(
      () => selectKernels('portable', 'bf16'),
      (error: Error) => error instanceof UserError && /^--precision bf16 needs native kernels: .+$/.test(error.message),
    );
    assert.match(describeKernels(selectKernels('native', 'bf16')), /^native \(\w+\), bf16 products$/);
    assert.match(describeKernels(selectKernels('native')), /^native \(\w+\)$/);
    assert.equal(selectKernels('native', 'bf16').precision, 'bf16');
  });
});
