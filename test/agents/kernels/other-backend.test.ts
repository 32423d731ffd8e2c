// The portable operations need nothing of TensorFlow's, nor of Node's: here they run on tfjs' own backend in plain
// JavaScript, as in a browser or where the binding to TensorFlow could not be built.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { Random } from '../../../agents/random.ts';
import * as cases from './cases.ts';

before(async () => {
  assert.ok(await tf.setBackend('cpu'));
});

for (const oracle of cases.oracleCases)
  test(`a RIM layer on tfjs' cpu backend equals the oracle: ${oracle.name}`, () => {
    const { outputs, grads } = cases.evaluateRim(portableKernels, oracle.config, cases.oracleTensors(oracle));
    cases.assertClose('h', outputs.h as tf.Tensor, oracle.outputs['h'] as cases.Nested);
    for (const [name, expected] of Object.entries(oracle.grads))
      if (grads[name]) cases.assertClose(name, grads[name], expected);
  });

test("frames, loss and optimiser run on tfjs' cpu backend", () => {
  const random = new Random(1);
  const draw = (...shape: number[]): tf.Tensor => cases.randomTensor(random, shape, 0.1);
  const frames = portableKernels.uint8Tensor(new Uint8Array(84 * 84).fill(9), [1, 84, 84, 1]);
  const weights = { w0: draw(8, 8, 1, 32), b0: draw(32), w1: draw(4, 4, 32, 64), b1: draw(64) };
  const features = cases.runNatureConv(portableKernels, frames, { ...weights, w2: draw(3, 3, 64, 64), b2: draw(64) });
  assert.deepEqual(features.shape, [1, 3136]);
  const parameters = tf.tensor1d([1, 2]);
  const [gradients, m, v] = [tf.tensor1d([3, 4]), tf.zeros<tf.Rank.R1>([2]), tf.zeros<tf.Rank.R1>([2])];
  const settings = { learningRate: 0.1, step: 1, maxNorm: 100, beta1: 0.9, beta2: 0.999, epsilon: 0 };
  const stepped = portableKernels.clipAdam({ parameters, gradients, m, v, ...settings });
  assert.equal(stepped.norm.dataSync()[0], 5);
  // The first step of Adam without epsilon has the size of the learning rate.
  cases.assertClose('parameters', stepped.parameters, [0.9, 1.9], 1e-6);
});
