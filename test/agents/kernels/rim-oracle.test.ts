// RIM layers and stacks of them against test/oracle/rims.json and rim-variants.json, computed in float64 by others.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, mock, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow, tensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { nativeRimLimits } from '../../../agents/cores/limits.ts';
import { flat } from '../../../src/conformance/closeness.ts';
import { rimLine } from '../../../src/conformance/report.ts';
import { checkBrim, checkRim, type RimCheck } from '../../../src/conformance/rim.ts';
import type { RimCase } from '../../../src/conformance/rim-file.ts';
import { caseTensors, evaluateRim } from '../../../src/conformance/rim-layer.ts';
import { brimOracles, type Nested, oracleCases } from './cases.ts';

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

test('a loss that cancels is held to the size of its terms', async () => {
  await loadTensorFlow();
  const gru = oracleCases.find(({ config }) => config.rnn === 'gru') as RimCase;
  const { h } = gru.outputs;
  const own = flat(h);
  const [a = 0, b = 0] = [...own].sort((one, other) => Math.abs(other) - Math.abs(one));
  const weights = own.map((value) => (value === a ? 1e5 * b : value === b ? -1e5 * a : 0));
  const { shape } = tf.tensor(h as number[]);
  const lossWeights = tf.tensor(weights, shape).arraySync() as Nested;
  const cancelled = (loss: number): RimCase => ({
    ...{ ...gru, inputs: { ...gru.inputs, lossWeights } },
    ...{ outputs: { h, loss }, grads: {} },
  });
  const check = (loss: number): RimCheck => checkRim(selectKernels('portable'), cancelled(loss));
  assert.equal(check(0).difference, null);
  assert.match(check(2e5 * Math.abs(a * b) * 1.2e-4).difference ?? '', /^loss: /);
});

test('more elements than the native operation takes are computed by the portable ones', async () => {
  await loadTensorFlow();
  const eleven = oracleCases.find(({ name }) => name === 'eleven-elements') as RimCase;
  const more = (name: string, of: Record<string, Nested>): object =>
    Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${name}${11 + i}`, of[`${name}1`]]));
  const params = { ...eleven.params, ...more('inputKey', eleven.params), ...more('inputValue', eleven.params) };
  const inputs = { ...eleven.inputs, ...more('x', eleven.inputs) };
  const tensors = caseTensors({ ...eleven, params, inputs });
  const [portable, native] = (['portable', 'native'] as const).map((kind) =>
    evaluateRim(selectKernels(kind), eleven.config, tensors),
  );
  const header = readFileSync(new URL('../../../agents/kernels/native/rim_core.h', import.meta.url), 'utf8');
  const { modules, elements } = nativeRimLimits;
  assert.match(header, new RegExp(`kMostModules = ${modules}, kMostInputs = ${elements};`));
  assert.deepEqual(native?.outputs['h']?.arraySync(), portable?.outputs['h']?.arraySync());
  assert.deepEqual(native?.grads['inputKey16']?.arraySync(), portable?.grads['inputKey16']?.arraySync());
  const check = (of: RimCase): RimCheck => checkRim(selectKernels('native'), of);
  assert.match(
    rimLine(check({ ...eleven, params, inputs }), []),
    /native .* \(computed by the portable ones: too many/,
  );
  assert.doesNotMatch(rimLine(check(eleven), []), /portable/);
});

test('a parameter that the variant does not use has a gradient of 0; a case without keep keeps all', async () => {
  await loadTensorFlow();
  const one = oracleCases.find(({ name }) => name === 'lstm-all-active') as RimCase;
  const params = { ...one.params, unused: [[1, 2]] };
  const { keep, ...inputs } = one.inputs;
  assert.ok(keep && flat(keep).every((value) => value === 1));
  for (const kind of ['portable', 'native'] as const) {
    const grads = { ...one.grads, unused: [[0, 0]] };
    assert.equal(checkRim(selectKernels(kind), { ...one, params, inputs, grads }).difference, null);
    const wrong = { ...one.grads, unused: [[0, 1]] };
    assert.match(checkRim(selectKernels(kind), { ...one, params, inputs, grads: wrong }).difference ?? '', /unused/);
  }
});

/** The check's result, and the names of TensorFlow's operations that it ran. */
function withOperations(check: () => RimCheck): { result: RimCheck; operations: unknown[] } {
  const execute = mock.method(tensorFlow(), 'executeMultipleOutputs');
  const result = check();
  const operations = execute.mock.calls.map((call) => call.arguments[0]);
  execute.mock.restore();
  return { result, operations };
}
