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
import { factor, product, roundedNatureConv, roundedRecurrence, roundedRim } from './rounded.ts';

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
  const [own, other] = [a.dataSync(), b.dataSync()];
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
    Array.from(x).reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  return dot(own, other) / Math.sqrt(dot(own, own) * dot(other, other));
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

  for (const gates of [4, 3] as const)
    for (const [units, width, steps, batch] of [
      [3, 5, 6, 2],
      [41, 33, 9, 3],
      [130, 301, 3, 37],
      [21, 19, 140, 5],
    ] as const) {
      const name = `${gates === 4 ? 'LSTM' : 'GRU'} of ${units} units, ${steps} steps of batch ${batch}`;
      test(`${name}, equals plain tfjs with rounded factors`, () => {
        const tensors = cases.recurrentTensors(gates, units, width, steps, batch);
        const { keep: _, lossWeights, c0, ...others } = tensors;
        const given = gates === 4 ? { ...others, c0 } : others;
        const evaluated = (run: (all: Tensors) => tf.Tensor): Evaluated =>
          cases.evaluate(given as Tensors, (differentiated) => {
            const h = run({ ...tensors, ...differentiated });
            return { outputs: { h }, loss: tf.sum(tf.mul(h, lossWeights as tf.Tensor)) };
          });
        const kernels = selectKernels('native', 'bf16');
        const ours = evaluated((all) => (gates === 4 ? cases.runLstm(kernels, all) : cases.runGru(kernels, all)).h);
        const reference = evaluated((all) => roundedRecurrence(gates, all));
        // As above: what differs in float32's last bit may be rounded to the other neighbour, and go on from there.
        cases.assertAllClose(ours.outputs, reference.outputs, 2e-3);
        cases.assertAllClose(ours.grads, reference.grads, 5e-3);
      });
    }

  for (const [spec, steps, batch] of [
    [cases.rimSpec(6, 85, 4), 3, 2],
    [cases.rimSpec(5, 21, 2, { inputKey: 7, inputValue: 19, commHeads: 3, commKey: 5, commValue: 9 }), 4, 3],
  ] as const)
    test(`a RIM of ${spec.modules} x ${spec.units} units equals plain tfjs with rounded factors`, () => {
      const tensors = cases.rimTensors(spec, steps, batch, 33);
      const { keep, lossWeights, ...differentiated } = tensors;
      const evaluated = (run: (all: Tensors) => tf.Tensor): Evaluated =>
        cases.evaluate(differentiated as Tensors, (given) => {
          const h = run({ ...given, keep } as Tensors);
          return { outputs: { h }, loss: tf.sum(tf.mul(h, lossWeights as tf.Tensor)) };
        });
      const ours = evaluated((all) => cases.runRim(selectKernels('native', 'bf16'), spec, all).h);
      const reference = evaluated((all) => roundedRim(spec, all));
      cases.assertAllClose(ours.outputs, reference.outputs, 2e-3);
      // Where attention scales a gradient, ours is rounded before that and the reference's after it.
      cases.assertAllClose(ours.grads, reference.grads, 1e-2);
    });

  const layers = [
    { name: 'as in Atari', spec: cases.rimSpec(6, 85, 4), steps: 20, batch: 2, widths: [510] },
    {
      name: 'GRU, candidates, gate, heads of odd sizes, three elements',
      spec: cases.rimSpec(5, 21, 2, {
        ...{ rnn: 'gru', readInactive: 'candidate', commGate: true, inputHeads: 2, inputKey: 7, inputValue: 19 },
        ...{ commHeads: 3, commKey: 5, commValue: 9 },
      }),
      // Short: where two modules nearly tie, rounding decides which one is active.
      ...{ steps: 3, batch: 5, widths: [33, 9, 2] },
    },
    {
      name: 'narrower than a vector',
      spec: cases.rimSpec(5, 3, 2, { inputKey: 5, inputValue: 7, commHeads: 3, commKey: 3, commValue: 3 }),
      ...{ steps: 12, batch: 7, widths: [6] },
    },
  ] as const;
  for (const { name, spec, steps, batch, widths } of layers)
    test(`values and gradients of a RIM, ${name}, point where float32 points`, () => {
      const tensors = cases.rimTensors(spec, steps, batch, ...widths);
      const [bf16, float32] = [
        cases.evaluateRim(selectKernels('native', 'bf16'), spec, tensors),
        cases.evaluateRim(selectKernels('native'), spec, tensors),
      ];
      const { active, ...outputs } = bf16.outputs;
      cases.assertAllClose({ active: active as tf.Tensor }, { active: float32.outputs.active as tf.Tensor }, 0);
      for (const [part, own] of Object.entries({ ...outputs, ...bf16.grads })) {
        const reference = { ...float32.outputs, ...float32.grads }[part] as tf.Tensor;
        if (reference.size === 0) continue;
        const similarity = cosine(reference, own);
        assert.ok(similarity > 0.999, `${part}: ${similarity}`);
        assert.ok(similarity < 1 - 1e-9, `${part} is not rounded`);
      }
    });

  test('acting gives what learning gives', () => {
    const kernels = selectKernels('native', 'bf16');
    for (const { spec, steps, batch, widths } of layers) {
      const tensors = cases.rimTensors(spec, steps, batch, ...widths);
      const acted = cases.runRim(kernels, spec, tensors);
      cases.assertAllClose({ ...acted }, cases.evaluateRim(kernels, spec, tensors).outputs, 0);
    }
    const lstm = cases.recurrentTensors(4, 100, 30, 9, 4);
    const { h } = cases.runLstm(kernels, lstm);
    const recorded = cases.evaluate({ x: lstm.x as tf.Tensor }, ({ x }) => {
      const { h } = cases.runLstm(kernels, { ...lstm, x: x as tf.Tensor });
      return { outputs: { h }, loss: tf.sum(h) };
    });
    cases.assertAllClose({ h }, recorded.outputs, 0);
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
