// The native operations give what the portable ones give, at sizes that fill whole vectors of every instruction set, sizes that do not, and sizes smaller than
// a vector. Run once more for each narrower instruction set by instruction-sets.test.ts.
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, selectKernels } from '../../../agents/kernels/index.ts';
import { Random } from '../../../agents/random.ts';
import {
  assertAllClose,
  assertClose,
  type Evaluated,
  evaluate,
  evaluateRim,
  randomTensor,
  rimSpec,
  rimTensors,
  sequenceTensors,
  type SequenceTensors,
  type Tensors,
} from './cases.ts';

function assertSame(run: (kernels: Kernels) => Evaluated, tolerance = 1e-4): void {
  const [native, portable] = [run(selectKernels('native')), run(selectKernels('portable'))];
  assertAllClose(native.outputs, portable.outputs, tolerance);
  assertAllClose(native.grads, portable.grads, tolerance);
}

describe('native operations equal portable ones', () => {
  before(() => loadTensorFlow());

  const rims = [
    { name: 'as in Atari', spec: rimSpec(6, 85, 4), steps: 9, batch: 3, width: 510 },
    {
      name: 'long and narrow',
      spec: rimSpec(3, 20, 1, { inputKey: 16, inputValue: 33, commHeads: 2 }),
      steps: 40,
      batch: 1,
      width: 17,
    },
    {
      name: 'many rows',
      spec: rimSpec(4, 18, 2, { inputKey: 5, commHeads: 3, commKey: 7, commValue: 9 }),
      steps: 5,
      batch: 37,
      width: 30,
    },
    { name: 'all modules active', spec: rimSpec(20, 32, 20), steps: 3, batch: 2, width: 64 },
  ];
  for (const { name, spec, steps, batch, width } of rims)
    test(`RIM, ${name}`, () => {
      const tensors = rimTensors(spec, steps, batch, width);
      assertSame((kernels) => evaluateRim(kernels, spec, tensors));
    });

  const sizes = [
    { units: 3, width: 2, steps: 6, batch: 2 },
    { units: 40, width: 33, steps: 12, batch: 3 },
    { units: 130, width: 20, steps: 3, batch: 19 },
    { units: 512, width: 510, steps: 5, batch: 2 },
  ];
  for (const { units, width, steps, batch } of sizes) {
    test(`LSTM of ${units} units, batch ${batch}`, () => {
      const tensors = recurrentTensors(4, units, width, steps, batch);
      assertSame((kernels) => evaluateLstm(kernels, tensors));
    });
    test(`GRU of ${units} units, batch ${batch}`, () => {
      const tensors = recurrentTensors(3, units, width, steps, batch);
      assertSame((kernels) => evaluateGru(kernels, tensors));
    });
  }

  test('acting, without recording, gives what learning gives', () => {
    const spec = rimSpec(6, 85, 4);
    for (const [steps, batch] of [
      [1, 8],
      [12, 5],
    ] as const) {
      const { x, h0, c0, keep, ...parameters } = rimTensors(spec, steps, batch, 510) as Tensors & SequenceTensors;
      const kernels = selectKernels('native');
      const acted = kernels.rimSequence(spec, parameters as never, x, h0, c0, keep);
      const learned = evaluateRim(kernels, spec, { ...parameters, x, h0, c0, keep });
      assertAllClose({ ...acted }, learned.outputs, 0);
    }
    for (const [gates, evaluateCell] of [
      [4, evaluateLstm],
      [3, evaluateGru],
    ] as const) {
      const tensors = recurrentTensors(gates, 100, 30, 9, 4);
      const { x, h0, c0, keep, lossWeights: _, ...parameters } = tensors as Tensors & SequenceTensors;
      const kernels = selectKernels('native');
      const acted =
        gates === 4
          ? kernels.lstmSequence(parameters as never, x, h0, c0, keep)
          : kernels.gruSequence(parameters as never, x, h0, keep);
      assertAllClose({ ...acted }, evaluateCell(kernels, tensors).outputs, 0);
    }
  });

  for (const [channels, count] of [
    [4, 3],
    [4, 21],
    [2, 3],
  ] as const)
    test(`NatureCNN and a dense layer, ${count} times ${channels} frames`, () => {
      const random = new Random(5);
      const frames = Uint8Array.from({ length: count * 84 * 84 * channels }, () => random.integer(256));
      const weight = (...shape: number[]): tf.Tensor =>
        randomTensor(random, shape, Math.sqrt(2 / shape.slice(0, -1).reduce((a, b) => a * b)));
      const bias = (size: number): tf.Tensor => randomTensor(random, [size], 0.1);
      const tensors = {
        ...{ w0: weight(8, 8, channels, 32), b0: bias(32), w1: weight(4, 4, 32, 64), b1: bias(64) },
        ...{ w2: weight(3, 3, 64, 64), b2: bias(64), weights: weight(3136, 50), bias: bias(50) },
      };
      const lossWeights = randomTensor(random, [count, 50]);
      assertSame((kernels) => {
        const x = kernels.uint8Tensor(frames, [count, 84, 84, channels]) as tf.Tensor4D;
        return evaluate(tensors, ({ weights, bias, ...convolutions }) => {
          const features = kernels.natureConv(x, convolutions as never);
          const units = kernels.denseRelu(features, weights as tf.Tensor2D, bias as tf.Tensor1D);
          return { outputs: { features, units }, loss: tf.sum(tf.mul(units, lossWeights)) };
        });
      });
      const { w0, b0, w1, b1, w2, b2 } = tensors;
      const features = [selectKernels('native'), selectKernels('portable')].map((kernels) => {
        const x = kernels.uint8Tensor(frames, [count, 84, 84, channels]) as tf.Tensor4D;
        return kernels.natureConv(x, { w0, b0, w1, b1, w2, b2 } as never);
      });
      assertClose('features, without recording', features[0] as tf.Tensor, features[1] as tf.Tensor);
    });
});

/** @param gates 4 for an LSTM, 3 for a GRU */
function recurrentTensors(gates: 3 | 4, units: number, width: number, steps: number, batch: number): Tensors {
  const random = new Random(11);
  return {
    input: randomTensor(random, [width, gates * units], 1 / Math.sqrt(width)),
    hidden: randomTensor(random, [units, gates * units], 1 / Math.sqrt(units)),
    bias: randomTensor(random, [gates * units]),
    ...(gates === 3 && { hiddenBias: randomTensor(random, [gates * units]) }),
    ...sequenceTensors(random, steps, batch, width, units),
  };
}

function evaluateLstm(kernels: Kernels, tensors: Tensors): Evaluated {
  const { keep, lossWeights, ...differentiated } = tensors as Tensors & SequenceTensors;
  return evaluate(differentiated, (given) => {
    const { x, h0, c0, ...parameters } = given as Tensors & SequenceTensors;
    const { h, c } = kernels.lstmSequence(parameters as never, x, h0, c0, keep);
    return { outputs: { h, c }, loss: tf.add(tf.sum(tf.mul(h, lossWeights)), tf.sum(tf.square(c))) };
  });
}

function evaluateGru(kernels: Kernels, tensors: Tensors): Evaluated {
  const { keep, lossWeights, c0: _, ...differentiated } = tensors as Tensors & SequenceTensors;
  return evaluate(differentiated, (given) => {
    const { x, h0, ...parameters } = given as Tensors & SequenceTensors;
    const { h } = kernels.gruSequence(parameters as never, x, h0, keep);
    return { outputs: { h }, loss: tf.sum(tf.mul(h, lossWeights)) };
  });
}
