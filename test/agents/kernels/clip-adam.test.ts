// Clipping and Adam against PyTorch, in float64.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { assertClose } from './cases.ts';
import { adamCases, clipCases } from './ppo-oracle.ts';

before(() => loadTensorFlow({ threads: 2 }));

for (const choice of ['portable', 'native'] as const)
  describe(`clipping and Adam of the ${choice} kernels`, () => {
    test('clipping equals clip_grad_norm_, 200 cases', () => {
      assert.equal(clipCases.length, 200);
      const settings = { learningRate: 1, step: 1, beta1: 0, beta2: 0, epsilon: 1 };
      for (const [i, { maxNorm, gradients, expected }] of clipCases.entries())
        tf.tidy(() => {
          const zeros: tf.Tensor1D = tf.zeros([gradients.length]);
          const vectors = { parameters: zeros, gradients: tf.tensor1d(gradients), m: zeros, v: zeros };
          // Without decay, the first moment is the clipped gradient.
          const { m, norm } = selectKernels(choice).clipAdam({ ...vectors, ...settings, maxNorm });
          assertClose(`case ${i}: norm`, norm, expected.norm, 1e-6);
          assertClose(`case ${i}: gradients`, m, expected.gradients, 1e-6);
        });
    });

    test('steps equal torch.optim.Adam after clip_grad_norm_, 200 cases', () => {
      assert.equal(adamCases.length, 200);
      for (const [i, { settings, steps, stepsBefore, expected, ...start }] of adamCases.entries())
        tf.tidy(() => {
          let state = {
            parameters: tf.tensor1d(start.parameters),
            m: tf.tensor1d(start.m),
            v: tf.tensor1d(start.v),
          };
          const norms = steps.map(({ learningRate, gradients }, s) => {
            const step = stepsBefore + s + 1;
            const given = { ...state, gradients: tf.tensor1d(gradients), learningRate, step, ...settings };
            const { norm, ...next } = selectKernels(choice).clipAdam(given);
            state = next;
            return norm;
          });
          assertClose(`case ${i}: norms`, tf.stack(norms), expected.norms, 1e-6);
          for (const name of ['parameters', 'm', 'v'] as const)
            assertClose(`case ${i}: ${name}`, state[name], expected[name], 1e-5);
        });
    });
  });
