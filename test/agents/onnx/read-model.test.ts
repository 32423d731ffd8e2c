import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentOptions } from '../../../agents/actor-critic.ts';
import { weightsHash } from '../../../agents/bundle/hash.ts';
import { onnxModel } from '../../../agents/onnx/model.ts';
import { type OnnxAgent, readOnnxAgent } from '../../../agents/onnx/read-model.ts';
import { agents, drawn } from './samples.ts';

const { sha256: _, ...bundle } = drawn(agents['brim of 2 layers'] as AgentOptions, 3);
const data = new Uint8Array(bundle.parameters.buffer);
const sha256 = weightsHash([data], bundle.agentStep, bundle.update);
const file = onnxModel({ ...bundle, sha256 });

test('what is read of a file is what was written', () => {
  const { manifest, states, agentStep, update, ...read }: OnnxAgent = readOnnxAgent(file);
  assert.deepEqual(manifest, bundle.manifest);
  assert.deepEqual([agentStep, update, read.sha256], [1024, 7, sha256]);
  assert.equal(read.parameterCount, bundle.parameters.length);
  assert.deepEqual(
    states.map(({ input }) => input),
    ['0.h', '0.c', '1.h', '1.c'],
  );
});

test('a flipped bit in the graph or in a parameter, a truncated file, another format are refused in a line', () => {
  const start = Buffer.from(file).indexOf('core.0.inputQuery');
  for (let i = 0; i < 60; i++) {
    const changed = file.slice();
    const at = start + Math.floor((i * bundle.parameters.length * 4) / 60);
    changed[at] = (changed[at] as number) ^ (1 << (i % 8));
    assert.throws(() => readOnnxAgent(changed), { name: 'UserError', message: /^the [^\n]+; [^\n]+$/ }, `byte ${at}`);
  }
  for (const [other, message] of [
    [file.subarray(0, -5), /no ONNX model, or is truncated/],
    [new TextEncoder().encode('not a model'), /no ONNX model|holds no agent/],
    [onnxModel({ ...bundle, sha256: '' }), /its sha256 is not that of its parameters/],
  ] as const)
    assert.throws(() => readOnnxAgent(other), { name: 'UserError', message });
});
