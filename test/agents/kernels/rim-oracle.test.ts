import assert from 'node:assert/strict';
import { before, describe, mock, test } from 'node:test';
import type * as tf from '@tensorflow/tfjs';
import { loadTensorFlow, tensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { assertClose, evaluateRim, oracleCases, oracleTensors } from './cases.ts';

/** Cases of the variant that has an operation of its own; native kernels compute the others in tfjs operations. */
const ownCases = ['lstm-state'];

for (const choice of ['portable', 'native'] as const) {
  describe(`a RIM layer of the ${choice} kernels`, () => {
    before(() => loadTensorFlow());
    for (const oracle of oracleCases) {
      const isOwn = choice === 'native' && ownCases.includes(oracle.name);
      test(`equals the oracle in ${isOwn ? 'an operation of its own' : 'tfjs operations'}: ${oracle.name}`, () => {
        const execute = mock.method(tensorFlow(), 'executeMultipleOutputs');
        const { loss, outputs, grads } = evaluateRim(selectKernels(choice), oracle.config, oracleTensors(oracle));
        const operations = execute.mock.calls.map((call) => call.arguments[0]);
        execute.mock.restore();
        assert.equal(operations.includes('RimAgentsRim') && operations.includes('RimAgentsRimGradient'), isOwn);

        for (const name of ['h', 'c', 'active', 'nullAttention'])
          if (oracle.outputs[name]) assertClose(name, outputs[name] as tf.Tensor, oracle.outputs[name]);
        assertClose('loss', loss, oracle.outputs.loss as number);
        assert.deepEqual(Object.keys(grads).sort(), Object.keys(oracle.grads).sort());
        for (const [name, expected] of Object.entries(oracle.grads))
          assertClose(name, grads[name] as tf.Tensor, expected);
      });
    }
  });
}
