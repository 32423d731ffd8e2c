// Recurrent sequences, dense relu, heads and NatureCNN against PyTorch in float64, values and all gradients:
// test/oracle/layers.json, made by test/oracle/pytorch-layers.py.
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, selectKernels } from '../../../agents/kernels/index.ts';
import * as cases from './cases.ts';
import { assertAllClose, assertClose, type Nested, type Tensors } from './cases.ts';

type Values = Readonly<Record<string, Nested>>;

interface LayerCase {
  readonly name: string;
  /** What the gradient is with respect to. */
  readonly tensors: Values;
  readonly keep?: Nested;
  /** By output: the loss is the sum of all outputs with these weights. */
  readonly lossWeights: Values;
  readonly outputs: Values;
  readonly grads: Values;
}

/** Every so-manieth element of a tensor, and the sum of the absolute values of all. */
interface Sampled {
  readonly magnitude: number;
  readonly every: number;
  readonly values: number[];
}

interface NatureConvCase {
  /** Of the frames; w0, b0, ..., b2, and then the weights of the loss, have the seeds after it. */
  readonly seed: number;
  readonly count: number;
  readonly channels: number;
  readonly outputs: { readonly features: Sampled };
  readonly grads: Readonly<Record<string, Sampled>>;
}

/** Each layer on tensors by name. */
const layers = {
  lstm: cases.runLstm,
  gru: cases.runGru,
  denseRelu: (kernels: Kernels, { x, weights, bias }: Tensors) => ({
    y: kernels.denseRelu(x as tf.Tensor2D, weights as tf.Tensor2D, bias as tf.Tensor1D),
  }),
  heads: cases.runHeads,
};
type Layer = keyof typeof layers;

const oracle = JSON.parse(readFileSync(new URL('../../oracle/layers.json', import.meta.url), 'utf8')) as Readonly<
  Record<Layer, LayerCase[]>
> & { readonly natureConv: NatureConvCase[] };

for (const choice of ['portable', 'native'] as const)
  describe(`of the ${choice} kernels`, () => {
    before(() => loadTensorFlow());

    for (const layer of Object.keys(layers) as Layer[])
      for (const { name, tensors, keep, lossWeights, outputs, grads } of oracle[layer])
        test(`${layer} equals PyTorch: ${name}`, () => {
          const constants = asTensors(keep === undefined ? {} : { keep });
          const run = (given: Tensors): Tensors => layers[layer](selectKernels(choice), { ...given, ...constants });
          const given = asTensors(tensors);
          const made = cases.evaluate(given, (given) => {
            const outputs = run(given);
            const weighted = Object.entries(asTensors(lossWeights)).map(([name, weights]) =>
              tf.sum(tf.mul(outputs[name] as tf.Tensor, weights)),
            );
            return { outputs, loss: tf.addN(weighted) };
          });
          assertAllClose(made.outputs, asTensors(outputs));
          assertAllClose(made.grads, asTensors(grads));
          // Without recording, other code may compute it.
          assertAllClose(run(given), asTensors(outputs));
        });

    for (const { seed, count, channels, outputs, grads } of oracle.natureConv)
      test(`natureConv equals PyTorch: ${count} times ${channels} frames`, () => {
        const kernels = selectKernels(choice);
        const shape = [count, 84, 84, channels];
        const frames = kernels.uint8Tensor(hashedBytes(seed, shape), shape);
        const shapes = {
          ...{ w0: [8, 8, channels, 32], b0: [32], w1: [4, 4, 32, 64], b1: [64] },
          ...{ w2: [3, 3, 64, 64], b2: [64] },
        };
        const weights = Object.entries(shapes).map(([name, shape], i) => [name, hashedWeights(seed + 1 + i, shape)]);
        const given = Object.fromEntries(weights) as Tensors;
        const lossWeights = hashedWeights(seed + 7, [count, 3136]);
        const made = cases.evaluate(given, (given) => {
          const features = cases.runNatureConv(kernels, frames, given);
          return { outputs: { features }, loss: tf.sum(tf.mul(features, lossWeights)) };
        });
        for (const [name, expected] of Object.entries({ ...outputs, ...grads }))
          assertSampled(name, { ...made.outputs, ...made.grads }[name] as tf.Tensor, expected);
        const acting = cases.runNatureConv(kernels, frames, given);
        assertSampled('features, without recording', acting, outputs.features);
      });
  });

function asTensors(values: Values): Tensors {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, tf.tensor(value as number[])]));
}

/** The noise of pytorch-layers.py. */
function hashedBytes(seed: number, shape: readonly number[]): Uint8Array {
  const size = shape.reduce((a, b) => a * b, 1);
  return Uint8Array.from({ length: size }, (_, i) => {
    let x = i + 1000003 * seed;
    for (let round = 0; round < 2; round++) x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
    return (x ^ (x >>> 16)) & 255;
  });
}

function hashedWeights(seed: number, shape: number[]): tf.Tensor {
  return tf.tensor(
    Float32Array.from(hashedBytes(seed, shape), (byte) => (byte - 128) / 1024),
    shape,
  );
}

function assertSampled(name: string, actual: tf.Tensor, { magnitude, every, values }: Sampled): void {
  const own = Array.from(actual.dataSync());
  const samples = own.filter((_, i) => i % every === 0);
  assertClose(name, tf.tensor1d(samples), values);
  const sum = own.reduce((sum, value) => sum + Math.abs(value), 0);
  assertClose(`${name}: sum of absolute values`, tf.scalar(sum), magnitude);
}
