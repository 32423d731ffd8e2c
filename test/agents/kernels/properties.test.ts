// What must hold of the operations, whatever computes them.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, type RimSpec, selectKernels } from '../../../agents/kernels/index.ts';
import { Random } from '../../../agents/random.ts';
import * as cases from './cases.ts';
import { assertClose, evaluate, evaluateRim, randomTensor, rimSpec, rimTensors, type Tensors } from './cases.ts';
import { checkDirections } from './directions.ts';

const atari = rimSpec(6, 85, 4);

for (const choice of ['portable', 'native'] as const) {
  describe(`${choice} operations`, () => {
    let kernels: Kernels;
    before(async () => {
      await loadTensorFlow();
      kernels = selectKernels(choice);
    });

    test('k modules are active in every step, the ones that attend least to null', () => {
      const { outputs } = evaluateRim(kernels, atari, rimTensors(atari, 7, 3, 64));
      const [active, attention] = ['active', 'nullAttention'].map((name) => outputs[name]?.dataSync() as Float32Array);
      for (let row = 0; row < 7 * 3; row++) {
        const modules = [...Array(6).keys()].map((j) => ({
          active: active?.[row * 6 + j] === 1,
          attention: attention?.[row * 6 + j] as number,
        }));
        const chosen = modules.filter((module) => module.active).map((module) => module.attention);
        const others = modules.filter((module) => !module.active).map((module) => module.attention);
        assert.equal(chosen.length, 4);
        assert.ok(Math.max(...chosen) <= Math.min(...others));
      }
    });

    test('at state zero all modules tie, and the lowest are active', () => {
      const tensors = { ...rimTensors(atari, 1, 2, 64), h0: tf.zeros([2, 510]) };
      const { outputs } = evaluateRim(kernels, atari, tensors);
      assert.deepEqual([...(outputs.active as tf.Tensor).dataSync()], [1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0]);
      assert.ok((outputs.nullAttention as tf.Tensor).dataSync().every((attention) => Math.abs(attention - 0.5) < 1e-7));
    });

    test('a module that is not active keeps h and c, bit for bit', () => {
      const tensors = rimTensors(atari, 6, 2, 64);
      const { h0, c0, keep } = tensors;
      const result = cases.runRim(kernels, atari, tensors);
      const active = result.active.arraySync();
      for (const [after, before] of [
        [result.h, h0],
        [result.c, c0],
      ] as [tf.Tensor3D, tf.Tensor2D][]) {
        const states = [before.arraySync(), ...after.arraySync()];
        const keeps = (keep as tf.Tensor2D).arraySync();
        for (let t = 0; t < 6; t++)
          for (let b = 0; b < 2; b++)
            for (let i = 0; i < 510; i++) {
              if (active[t]?.[b]?.[Math.floor(i / 85)]) continue;
              assert.equal(states[t + 1]?.[b]?.[i], (states[t]?.[b]?.[i] as number) * (keeps[t]?.[b] as number));
            }
      }
    });

    test('nothing flows into the state of an inactive module but through its identity', () => {
      // One step; the loss sees active modules alone, which read keys and values of the inactive ones.
      const tensors = { ...rimTensors(atari, 1, 3, 64), keep: tf.ones([1, 3]) };
      const { outputs } = evaluateRim(kernels, atari, tensors);
      const active = outputs.active as tf.Tensor3D;
      const perUnit = tf.reshape(tf.tile(tf.expandDims(active, 3), [1, 1, 1, 85]), [1, 3, 510]);
      const { h0, commKey, lossWeights } = tensors as Tensors;
      const { grads } = evaluate({ h0, commKey } as Tensors, (given) => {
        const { h } = cases.runRim(kernels, atari, { ...tensors, ...given });
        return { outputs: {}, loss: tf.sum(tf.mul(tf.mul(h, perUnit), lossWeights as tf.Tensor)) };
      });
      const gradient = (grads.h0 as tf.Tensor2D).arraySync();
      const mask = active.arraySync()[0] as number[][];
      gradient.forEach((row, b) =>
        row.forEach((value, i) => {
          if (mask[b]?.[Math.floor(i / 85)]) assert.notEqual(value, 0);
          else assert.equal(Math.abs(value), 0);
        }),
      );
      // Their weights do get gradient.
      const perModule = tf.sum(tf.abs(grads.commKey as tf.Tensor), [1, 2]).dataSync();
      assert.ok(perModule.every((size) => size > 0));
    });

    test('gradients equal finite differences', () => {
      // With all modules active: the gradient that is withheld from inactive ones is not a derivative.
      const small: RimSpec = rimSpec(4, 20, 4, {
        inputKey: 16,
        inputValue: 24,
        commHeads: 2,
        commKey: 16,
        commValue: 16,
      });
      checkDirections(rimTensors(small, 5, 2, 18), (given) => {
        const { h, c } = cases.runRim(kernels, small, given);
        return tf.concat([tf.mul(h, given.lossWeights as tf.Tensor), tf.square(c)]);
      });
    });

    test('gradients equal finite differences: GRU, gated, two elements, two heads', () => {
      const sizes = { inputHeads: 2, inputKey: 5, inputValue: 9, commHeads: 2, commKey: 6, commValue: 7 };
      const small: RimSpec = rimSpec(4, 10, 4, { ...sizes, rnn: 'gru', commGate: true });
      const { c0, ...others } = rimTensors(small, 5, 2, 18, 4);
      checkDirections(others as Tensors, (given) => {
        const { h } = cases.runRim(kernels, small, { ...given, c0 } as Tensors);
        return tf.mul(h, given.lossWeights as tf.Tensor);
      });
    });

    test('gradients of the LSTM and the GRU equal finite differences', () => {
      const random = new Random(2);
      const draw = (...shape: number[]): tf.Tensor => randomTensor(random, shape, 0.3);
      const sequences = cases.sequenceTensors(random, 5, 2, 18, 20);
      const lstm = { input: draw(18, 80), hidden: draw(20, 80), bias: draw(80), ...sequences };
      checkDirections(lstm, (given) => {
        const { h, c } = cases.runLstm(kernels, given);
        return tf.concat([tf.mul(h, given.lossWeights as tf.Tensor), tf.square(c)]);
      });
      const { c0: _, ...withoutC } = sequences;
      const gru = { input: draw(18, 60), hidden: draw(20, 60), bias: draw(60), hiddenBias: draw(60), ...withoutC };
      checkDirections(gru as Tensors, (given) => {
        return tf.mul(cases.runGru(kernels, given).h, given.lossWeights as tf.Tensor);
      });
    });

    test('Adam and clipping equal their definition in float64, over many steps', () => {
      const random = new Random(3);
      const size = 5000;
      const settings = { maxNorm: 0.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-5 };
      const start = Float32Array.from({ length: size }, () => random.normal());
      const expected = { p: Float64Array.from(start), m: new Float64Array(size), v: new Float64Array(size) };
      let state = {
        parameters: tf.tensor1d(start),
        m: tf.zeros([size]) as tf.Tensor1D,
        v: tf.zeros([size]) as tf.Tensor1D,
      };
      for (let step = 1; step <= 30; step++) {
        const scale = step % 3 === 0 ? 1e-3 : 1; // so that some gradients are not clipped
        const gradients = Float32Array.from({ length: size }, () => scale * random.normal());
        const learningRate = 1e-2 / step;
        const result = kernels.clipAdam({
          ...state,
          gradients: tf.tensor1d(gradients),
          learningRate,
          step,
          ...settings,
        });
        state = result;
        const norm = Math.sqrt(gradients.reduce((sum, g) => sum + g * g, 0));
        assert.ok(Math.abs((result.norm.dataSync()[0] as number) / norm - 1) < 1e-6);
        gradients.forEach((raw, i) => {
          const g = raw * Math.min(1, settings.maxNorm / (norm + 1e-6));
          const m = (expected.m[i] = 0.9 * (expected.m[i] as number) + 0.1 * g);
          const v = (expected.v[i] = 0.999 * (expected.v[i] as number) + 0.001 * g * g);
          const deviation = Math.sqrt(v) / Math.sqrt(1 - 0.999 ** step) + settings.epsilon;
          expected.p[i] = (expected.p[i] as number) - ((learningRate / (1 - 0.9 ** step)) * m) / deviation;
        });
      }
      assertClose('parameters', state.parameters, [...expected.p], 1e-6);
      assertClose(
        'm',
        tf.mul(state.m, 1e3),
        [...expected.m].map((m) => m * 1e3),
        1e-5,
      );
      assertClose(
        'v',
        tf.mul(state.v, 1e6),
        [...expected.v].map((v) => v * 1e6),
        1e-5,
      );
    });

    test('no tensor is left behind', () => {
      const tensors = rimTensors(atari, 3, 2, 64);
      const frames = kernels.uint8Tensor(new Uint8Array(2 * 84 * 84 * 4).fill(9), [2, 84, 84, 4]);
      const weights = { w0: [8, 8, 4, 32], b0: [32], w1: [4, 4, 32, 64], b1: [64], w2: [3, 3, 64, 64], b2: [64] };
      const convolutions = Object.fromEntries(Object.entries(weights).map(([name, shape]) => [name, tf.ones(shape)]));
      const flat = tf.ones([100]) as tf.Tensor1D;
      const adam = { parameters: flat, gradients: flat, m: flat, v: flat, learningRate: 1, step: 1, maxNorm: 1 };
      const before = tf.memory().numTensors;
      for (let i = 0; i < 2; i++) {
        const { loss, outputs, grads } = evaluateRim(kernels, atari, tensors);
        tf.dispose([loss, outputs, grads]);
        const convolved = evaluate(convolutions, (given) => {
          return { outputs: {}, loss: tf.sum(cases.runNatureConv(kernels, frames, given)) };
        });
        tf.dispose([convolved.loss, convolved.grads]);
        tf.dispose({ ...kernels.clipAdam({ ...adam, beta1: 0.9, beta2: 0.999, epsilon: 1e-5 }) });
      }
      assert.equal(tf.memory().numTensors, before);
    });

    test('a wrong shape is named', () => {
      const tensors = rimTensors(atari, 2, 2, 64);
      const run = (changed: Tensors, spec = atari): unknown => cases.runRim(kernels, spec, { ...tensors, ...changed });
      assert.throws(
        () => run({ rnnHidden: tf.zeros([6, 85, 341]) }),
        /rnnHidden has shape \(6, 85, 341\) where \(6, 85, 340\)/,
      );
      assert.throws(() => run({ h0: tf.zeros([3, 510]) }), /h0 has shape \(3, 510\) where \(2, 510\)/);
      assert.throws(() => run({ x: tf.zeros([2, 64]) }), /x has shape \(2, 64\)/);
      assert.throws(() => run({}, { ...atari, active: 7 }), /7 active modules of 6/);
      assert.throws(() => run({}, { ...atari, commGate: true }), /commGate is missing/);
      const cell = { input: tf.zeros([8, 16]), hidden: tf.zeros([4, 16]), bias: tf.zeros([16]) };
      const states = { h0: tf.zeros([2, 4]), c0: tf.zeros([2, 4]) };
      const lstm = { ...cell, ...states, x: tf.zeros([3, 2, 8]), keep: tf.zeros([3, 2]) };
      assert.doesNotThrow(() => cases.runLstm(kernels, lstm));
      assert.throws(() => cases.runLstm(kernels, { ...lstm, c0: tf.zeros([2, 5]) }), /c0 has shape \(2, 5\)/);
      assert.throws(() => cases.runGru(kernels, lstm), /input has shape \(8, 16\) where \(8, 12\)/);
      assert.throws(
        () => kernels.denseRelu(tf.zeros([2, 3]), tf.zeros([4, 5]), tf.zeros([5])),
        /x has shape \(2, 3\) where \(2, 4\)/,
      );
      const flat = (size: number): tf.Tensor1D => tf.zeros([size]);
      const vectors = { parameters: flat(3), gradients: flat(4), m: flat(3), v: flat(3) };
      const settings = { learningRate: 1, step: 1, maxNorm: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-5 };
      assert.throws(() => kernels.clipAdam({ ...vectors, ...settings }), /gradients has shape \(4\) where \(3\)/);
    });
  });
}
