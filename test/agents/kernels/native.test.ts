// The native operations give what the portable ones give, at sizes that fill whole vectors of every instruction set,
// sizes that do not, and sizes smaller than a vector. Run once more for each narrower instruction set by
// instruction-sets.test.ts.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, selectKernels } from '../../../agents/kernels/index.ts';
import { Random } from '../../../agents/random.ts';
import * as cases from './cases.ts';
import { type Evaluated, randomTensor, rimSpec, type Tensors } from './cases.ts';

/** All of a module is smaller than a vector of AVX-512, and its units than one of any instruction set. */
const narrow = rimSpec(5, 3, 2, { inputKey: 5, inputValue: 7, commHeads: 2, commKey: 3, commValue: 4 });

function pick(tensors: object, ...names: string[]): Tensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => names.includes(name))) as Tensors;
}

function assertSame(run: (kernels: Kernels) => Evaluated, tolerance = 1e-4): void {
  const [native, portable] = [run(selectKernels('native')), run(selectKernels('portable'))];
  cases.assertAllClose(native.outputs, portable.outputs, tolerance);
  cases.assertAllClose(native.grads, portable.grads, tolerance);
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
    { name: 'many rows, more input than value', spec: narrow, steps: 4, batch: 70, width: 40 },
    { name: 'narrower than a vector', spec: narrow, steps: 70, batch: 3, width: 6 },
    { name: 'all modules active', spec: rimSpec(20, 32, 20), steps: 3, batch: 2, width: 64 },
  ];
  for (const { name, spec, steps, batch, width } of rims)
    test(`RIM, ${name}`, () => {
      const tensors = cases.rimTensors(spec, steps, batch, width);
      assertSame((kernels) => cases.evaluateRim(kernels, spec, tensors));
    });

  const variants = [
    { rnn: 'gru' },
    { readInactive: 'candidate' },
    { commGate: true },
    { inputHeads: 3 },
    { rnn: 'gru', readInactive: 'candidate', commGate: true, inputHeads: 2, commHeads: 1 },
    { readInactive: 'candidate', commGate: true, commHeads: 3 },
    { communication: false },
    { communication: false, rnn: 'gru', inputHeads: 2 },
    { inputAttention: false, active: 5 },
    { inputAttention: false, communication: false, active: 5, inputHeads: 2 },
  ] as const;
  for (const variant of variants)
    for (const widths of [[9], [9, 33, 2], [5, 2]])
      for (const { units, steps, batch } of [
        { units: 21, steps: 12, batch: 3 },
        { units: 3, steps: 1, batch: 19 },
        { units: 17, steps: 6, batch: 18 },
      ])
        test(`RIM, ${JSON.stringify(variant)}, elements ${widths}, ${units} units, batch ${batch}`, () => {
          const sizes = { inputKey: 7, inputValue: 18, commKey: 5, commValue: 19 };
          const spec = rimSpec(5, units, 2, { ...sizes, ...variant });
          const tensors = cases.rimTensors(spec, steps, batch, ...widths);
          assertSame((kernels) => cases.evaluateRim(kernels, spec, tensors));
        });

  const sizes = [
    { units: 3, width: 2, steps: 6, batch: 2 },
    { units: 40, width: 33, steps: 12, batch: 3 },
    { units: 130, width: 20, steps: 3, batch: 19 },
    { units: 512, width: 510, steps: 5, batch: 2 },
  ];
  for (const { units, width, steps, batch } of sizes) {
    test(`LSTM of ${units} units, batch ${batch}`, () => {
      const tensors = cases.recurrentTensors(4, units, width, steps, batch);
      assertSame((kernels) => evaluateLstm(kernels, tensors));
    });
    test(`GRU of ${units} units, batch ${batch}`, () => {
      const tensors = cases.recurrentTensors(3, units, width, steps, batch);
      assertSame((kernels) => evaluateGru(kernels, tensors));
    });
  }

  for (const { steps, batch, width, actions } of [
    { steps: 128, batch: 2, width: 510, actions: 4 },
    { steps: 1, batch: 8, width: 512, actions: 18 },
    { steps: 3, batch: 1, width: 3, actions: 1 },
  ])
    test(`heads for ${actions} actions, ${steps} steps of ${batch} states of ${width}`, () => {
      const random = new Random(13);
      const tensors = cases.headsTensors(random, steps, batch, width, actions);
      const logitWeights = randomTensor(random, [steps * batch, actions]);
      assertSame((kernels) =>
        cases.evaluate(tensors, (given) => {
          const { logits, values } = cases.runHeads(kernels, given);
          const weighted = tf.sum(tf.mul(logits, logitWeights));
          return { outputs: { logits, values }, loss: tf.add(weighted, tf.sum(tf.square(values))) };
        }),
      );
    });

  test('heads give a row the same bits alone as among others', () => {
    const kernels = selectKernels('native');
    const { hidden, ...weights } = cases.headsTensors(new Random(14), 5, 3, 510, 4) as Tensors & {
      hidden: tf.Tensor3D;
    };
    const together = cases.runHeads(kernels, { hidden, ...weights });
    for (let row = 0; row < 15; row++) {
      const one = tf.slice(hidden, [Math.floor(row / 3), row % 3, 0], [1, 1, 510]);
      const alone = cases.runHeads(kernels, { hidden: one, ...weights });
      cases.assertClose('logits', alone.logits, tf.slice(together.logits, row, 1), 0);
      cases.assertClose('values', alone.values, tf.slice(together.values, row, 1), 0);
    }
  });

  test('an output that the loss does not depend on gives the bits that one with gradient 0 gives', () => {
    const kernels = selectKernels('native');
    const rim = rimSpec(4, 18, 2);
    const [lstm, gru] = [cases.recurrentTensors(4, 40, 9, 6, 3), cases.recurrentTensors(3, 40, 9, 6, 3)];
    const runs: [Tensors, (given: Tensors) => Tensors][] = [
      [cases.rimTensors(rim, 6, 3, 9), (given) => pick(cases.runRim(kernels, rim, given), 'h', 'c')],
      [cases.rimTensors(rim, 6, 20, 9), (given) => pick(cases.runRim(kernels, rim, given), 'h', 'c')],
      [lstm, (given) => ({ ...cases.runLstm(kernels, given) })],
      [gru, (given) => ({ ...cases.runGru(kernels, given) })],
      [cases.headsTensors(new Random(16), 3, 2, 33, 4), (given) => ({ ...cases.runHeads(kernels, given) })],
    ];
    for (const [tensors, run] of runs) {
      const { keep, lossWeights: _, ...given } = tensors;
      const loss = (weights: Readonly<Record<string, number>>) =>
        cases.evaluate(given, (tensors) => {
          const outputs = run({ ...tensors, ...(keep && { keep }) });
          const terms = Object.entries(outputs).flatMap(([name, output]) => {
            const weight = weights[name];
            return weight === undefined ? [] : [tf.mul(tf.sum(tf.square(output)), weight)];
          });
          return { outputs, loss: tf.addN(terms) as tf.Scalar };
        });
      const names = Object.keys(loss({ h: 1, logits: 1 }).outputs);
      for (const name of names) {
        const zeros = Object.fromEntries(names.map((other) => [other, other === name ? 1 : 0]));
        cases.assertAllClose(loss({ [name]: 1 }).grads, loss(zeros).grads, 0);
      }
    }
  });

  test('acting, without recording, gives what learning gives', () => {
    const kernels = selectKernels('native');
    for (const [spec, steps, batch] of [
      [rimSpec(6, 85, 4), 1, 8],
      [rimSpec(6, 85, 4), 12, 5],
      [narrow, 1, 2],
      [narrow, 30, 3],
      [{ ...narrow, rnn: 'gru', readInactive: 'candidate', commGate: true, inputHeads: 2 }, 30, 3],
    ] as const) {
      const tensors = cases.rimTensors(spec, steps, batch, 510);
      const acted = cases.runRim(kernels, spec, tensors);
      cases.assertAllClose({ ...acted }, cases.evaluateRim(kernels, spec, tensors).outputs, 0);
    }
    const lstm = cases.recurrentTensors(4, 100, 30, 9, 4);
    cases.assertAllClose(cases.runLstm(kernels, lstm), evaluateLstm(kernels, lstm).outputs, 0);
    const gru = cases.recurrentTensors(3, 100, 30, 9, 4);
    cases.assertAllClose(cases.runGru(kernels, gru), evaluateGru(kernels, gru).outputs, 0);
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
        const x = kernels.uint8Tensor(frames, [count, 84, 84, channels]);
        return cases.evaluate(tensors, ({ weights, bias, ...convolutions }) => {
          const features = cases.runNatureConv(kernels, x, convolutions);
          const units = kernels.denseRelu(features, weights as tf.Tensor2D, bias as tf.Tensor1D);
          return { outputs: { features, units }, loss: tf.sum(tf.mul(units, lossWeights)) };
        });
      });
      const { w0, b0, w1, b1, w2, b2 } = tensors;
      const features = [selectKernels('native'), selectKernels('portable')].map((kernels) => {
        const x = kernels.uint8Tensor(frames, [count, 84, 84, channels]);
        return cases.runNatureConv(kernels, x, { w0, b0, w1, b1, w2, b2 });
      });
      cases.assertClose('features, without recording', features[0] as tf.Tensor, features[1] as tf.Tensor);
    });

  for (const rows of [1, 2, 3, 7, 8])
    for (const [width, units] of [
      [3136, 510],
      [33, 50],
      [5, 3],
      [1, 1],
    ] as const)
      test(`a dense layer of ${width} x ${units}, ${rows} rows, without recording`, () => {
        const random = new Random(15);
        const x = randomTensor(random, [rows, width]) as tf.Tensor2D;
        const weights = randomTensor(random, [width, units], 1 / Math.sqrt(width)) as tf.Tensor2D;
        const bias = randomTensor(random, [units]) as tf.Tensor1D;
        const run = (kernels: Kernels, given: tf.Tensor2D): tf.Tensor2D => kernels.denseRelu(given, weights, bias);
        const y = run(selectKernels('native'), x);
        cases.assertClose('units', y, run(selectKernels('portable'), x));
        for (let row = 0; row < rows; row++) {
          const alone = run(selectKernels('native'), tf.slice(x, row, 1));
          cases.assertClose('a row alone', alone, tf.slice(y, row, 1), 0);
        }
      });

  test('NaN passes relu, forward and backward', () => {
    const random = new Random(6);
    const shapes = { w0: [8, 8, 4, 32], w1: [4, 4, 32, 64], w2: [3, 3, 64, 64] };
    const draw = ([name, shape]: [string, number[]]): [string, tf.Tensor] => [name, randomTensor(random, shape, 0.05)];
    const weights = Object.fromEntries(Object.entries(shapes).map(draw));
    const frames = Uint8Array.from({ length: 84 * 84 * 4 }, () => random.integer(256));
    const broken = 5;
    const b2 = tf.tensor1d(Array.from({ length: 64 }, (_, filter) => (filter === broken ? NaN : 0.1)));
    const tensors = { ...weights, b0: tf.zeros([32]), b1: tf.zeros([64]), b2 };
    for (const choice of ['portable', 'native'] as const) {
      const kernels = selectKernels(choice);
      const x = kernels.uint8Tensor(frames, [1, 84, 84, 4]);
      const { outputs, grads } = cases.evaluate(tensors, (given) => {
        const features = cases.runNatureConv(kernels, x, given);
        const units = kernels.denseRelu(tf.reshape(features, [49, 64]), tf.ones([64, 3]), tf.zeros([3]));
        return { outputs: { features, units }, loss: tf.sum(tf.square(features)) };
      });
      const acting = kernels.denseRelu(tf.fill([2, 3], NaN), tf.ones([3, 5]), tf.zeros([5]));
      assert.ok(acting.dataSync().every(Number.isNaN), choice);
      const isNaNs = (tensor?: tf.Tensor): boolean[] => Array.from(tensor?.dataSync() ?? [], Number.isNaN);
      const whereBroken = (_: unknown, i: number): boolean => i % 64 === broken;
      assert.deepEqual(isNaNs(outputs.features), Array.from({ length: 3136 }, whereBroken), choice);
      assert.deepEqual(isNaNs(outputs.units), Array(147).fill(true), choice);
      assert.deepEqual(isNaNs(grads.b2), Array.from({ length: 64 }, whereBroken), choice);
    }
  });
});

function evaluateLstm(kernels: Kernels, tensors: Tensors): Evaluated {
  const { keep, lossWeights, ...differentiated } = tensors;
  return cases.evaluate(differentiated as Tensors, (given) => {
    const { h, c } = cases.runLstm(kernels, { ...given, keep } as Tensors);
    const weighted = tf.sum(tf.mul(h, lossWeights as tf.Tensor));
    return { outputs: { h, c }, loss: tf.add(weighted, tf.sum(tf.square(c))) };
  });
}

function evaluateGru(kernels: Kernels, tensors: Tensors): Evaluated {
  const { keep, lossWeights, c0: _, ...differentiated } = tensors;
  return cases.evaluate(differentiated as Tensors, (given) => {
    const { h } = cases.runGru(kernels, { ...given, keep } as Tensors);
    return { outputs: { h }, loss: tf.sum(tf.mul(h, lossWeights as tf.Tensor)) };
  });
}
