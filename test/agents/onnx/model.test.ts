// An exported agent in onnxruntime's WebAssembly build says what ours says.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as ort from 'onnxruntime-web';
import { Agent } from '../../../agents/agent.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, selectKernels } from '../../../agents/kernels/index.ts';
import { onnxModel } from '../../../agents/onnx/model.ts';
import { agents, batch, drawn, sequence } from './samples.ts';

const tolerance = 1e-4;

let kernels: Kernels;
before(async () => {
  await loadTensorFlow();
  kernels = selectKernels('auto');
});

describe('an exported agent says what ours does, over sequences with resets', () => {
  for (const [name, options] of Object.entries(agents))
    test(name, async () => {
      const bundle = drawn(options, 3);
      const agent = new Agent(bundle, kernels);
      const session = await ort.InferenceSession.create(onnxModel(bundle));
      const { stateWidths } = agent.core;
      const names = session.inputNames.filter((input) => input !== 'observation' && input !== 'keep');
      assert.equal(names.length, stateWidths.length);
      const start = (): Float32Array[] => stateWidths.map((width) => new Float32Array(batch * width).fill(9)); // is reset
      let [ours, theirs] = [start(), start()];
      for (const [t, { observation, keep }] of sequence(options, 4).entries()) {
        const expected = agent.actBatch(observation, ours, keep);
        const found = await session.run({
          observation: new ort.Tensor(options.observationType, observation, [batch, ...options.observationShape]),
          keep: new ort.Tensor(keep, [batch]),
          ...Object.fromEntries(names.map((name, i) => [name, new ort.Tensor(theirs[i]!, [batch, stateWidths[i]!])])),
        });
        const outputs = Object.fromEntries(
          Object.entries(found).map(([name, { data }]) => [name, data as Float32Array] as const),
        );
        const near = (what: string, expected: Float32Array): void =>
          assertNear(`${what} of step ${t}`, outputs[what], expected);
        near('logits', expected.logits);
        near('value', expected.values);
        for (const [i, state] of expected.states.entries()) near(`next.${names[i]}`, state);
        if (expected.activation) {
          assert.deepEqual(outputs.active, expected.activation.active);
          near('nullAttention', expected.activation.nullAttention);
        }
        ours = [...expected.states];
        theirs = names.map((name) => outputs[`next.${name}`] as Float32Array);
      }
      agent.dispose();
    });
});

function assertNear(what: string, found: Float32Array | undefined, expected: Float32Array): void {
  assert.equal(found?.length, expected.length, what);
  const most = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[i] as number))), 0);
  assert.ok(most <= tolerance, `${what} differs by ${most}`);
}
