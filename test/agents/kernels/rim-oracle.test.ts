import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { assertClose, evaluateRim, oracleCases, oracleTensors } from './cases.ts';

for (const choice of ['portable', 'native'] as const) {
  describe(`a RIM layer in ${choice} operations`, () => {
    before(() => loadTensorFlow());
    for (const oracle of oracleCases) {
      test(`equals the oracle: ${oracle.name}`, () => {
        const { outputs, grads } = evaluateRim(selectKernels(choice), oracle.config, oracleTensors(oracle));
        for (const name of ['h', 'c', 'active', 'nullAttention'])
          if (oracle.outputs[name]) assertClose(name, outputs[name] as tf.Tensor, oracle.outputs[name]);
        assert.deepEqual(Object.keys(grads).sort(), Object.keys(oracle.grads).sort());
        for (const [name, expected] of Object.entries(oracle.grads))
          assertClose(name, grads[name] as tf.Tensor, expected);
      });
    }
  });
}
