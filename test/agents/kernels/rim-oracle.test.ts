// RIM layers and stacks of them against test/oracle/rims.json and rim-variants.json, computed in float64 by others.
import assert from 'node:assert/strict';
import { before, describe, mock, test } from 'node:test';
import { loadTensorFlow, tensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { checkBrim, checkRim, type RimCheck } from '../../../src/conformance/rim.ts';
import { brimOracles, oracleCases } from './cases.ts';

for (const choice of ['portable', 'native'] as const) {
  describe(`a RIM layer of the ${choice} kernels`, () => {
    before(() => loadTensorFlow());
    for (const oracle of oracleCases)
      test(`equals the oracle: ${oracle.name}`, () => {
        const { result, operations } = withOperations(() => checkRim(selectKernels(choice), oracle));
        const isOwn = operations.includes('RimAgentsRim') && operations.includes('RimAgentsRimGradient');
        assert.equal(isOwn, choice === 'native');
        assert.equal(result.difference, null);
        assert.equal(result.tensors, Object.keys(oracle.outputs).length + Object.keys(oracle.grads).length);
      });

    for (const oracle of brimOracles)
      test(`in layers equals the oracle: ${oracle.name}`, () => {
        assert.equal(checkBrim(selectKernels(choice), oracle).difference, null);
      });
  });
}

/** The check's result, and the names of TensorFlow's operations that it ran. */
function withOperations(check: () => RimCheck): { result: RimCheck; operations: unknown[] } {
  const execute = mock.method(tensorFlow(), 'executeMultipleOutputs');
  const result = check();
  const operations = execute.mock.calls.map((call) => call.arguments[0]);
  execute.mock.restore();
  return { result, operations };
}
