import assert from 'node:assert/strict';
import { test } from 'node:test';
import proto, { type onnx } from 'onnx-proto';
import type { AgentOptions } from '../../../agents/actor-critic.ts';
import { weightsHash } from '../../../agents/bundle/hash.ts';
import { Graph } from '../../../agents/onnx/graph.ts';
import { onnxModel } from '../../../agents/onnx/model.ts';
import { type OnnxAgent, readOnnxAgent } from '../../../agents/onnx/read-model.ts';
import { sealed } from '../../../agents/onnx/seal.ts';
import { Random } from '../../../agents/random.ts';
import { agents, drawn } from './samples.ts';

const { ModelProto } = proto.onnx;
const { sha256: _, ...bundle } = drawn(agents['brim of 2 layers'] as AgentOptions, 3, { settings: { frameSkip: 4 } });
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

function refuses(changed: Uint8Array, what: string): void {
  assert.throws(() => readOnnxAgent(changed), { name: 'UserError', message: /^the [^\n]+[;:] [^\n]+$/ }, what);
}

test('a flipped bit anywhere, also in what the metadata say, is refused in a line', () => {
  const random = new Random(1);
  const setting = Buffer.from(file).indexOf('"frameSkip":4') + '"frameSkip":'.length;
  const step = Math.ceil(file.length / 500);
  const places = Array.from({ length: file.length }, (_, at) => at);
  for (const at of places.filter((at) => at === setting || at % step === 0 || at >= file.length - 90)) {
    const changed = file.slice();
    changed[at] = (changed[at] as number) ^ (at === setting ? 1 : 1 << random.integer(8)); // 4 becomes 5
    refuses(changed, `byte ${at} of ${file.length}`);
  }
});

test('a file cut short or gone on with, or that is no model, is refused in a line', () => {
  for (let length = 0; length < file.length; length += Math.ceil(file.length / 100))
    refuses(file.subarray(0, length), `${length} bytes`);
  refuses(Uint8Array.of(...file, 0), 'a byte more');
  refuses(new TextEncoder().encode('not a model'), 'a text');
});

test('a whole file that says what cannot be is refused in a line', () => {
  const without = (name: string): Uint8Array =>
    changed(
      ({ metadataProps }) =>
        void metadataProps?.splice(
          metadataProps.findIndex(({ key }) => key === name),
          1,
        ),
    );
  const saying = (name: string, value: string): Uint8Array =>
    changed(({ metadataProps }) => Object.assign(metadataProps?.find(({ key }) => key === name) ?? {}, { value }));
  for (const [other, message] of [
    [onnxModel({ ...bundle, sha256: '' }), /its sha256 is not that of its parameters/],
    [without('format'), /holds no agent/],
    [saying('format', '1'), /has format 1, this version reads 2; export it anew/],
    [without('game'), /metadata: game: /],
    ...['', '0x10', '1e3', ' 7', '07', '-1'].map(
      (value) => [saying('agentStep', value), /agentStep: no whole/] as const,
    ),
    [saying('settings', '{'), /its metadata are not JSON/],
    [saying('settings', '{"a":{}}'), /environment\.settings\.a: /],
    [saying('agent', '{}'), /agent\.observationShape: /],
    [saying('states', '[]'), /its states are not those of its core/],
    [saying('states', onnxText('states').replace('next.0.h', 'next.0.c')), /its states are not those of its core/],
    [changed(({ graph }) => void graph?.initializer?.splice(0, 1)), /tensor "[^"]+" is missing or of another size/],
    [changed(({ graph }) => Object.assign(graph ?? {}, { initializer: [] })), /is missing or of another size/],
  ] as const)
    assert.throws(() => readOnnxAgent(other), { name: 'UserError', message });
});

test('a graph holds no two tensors under one name', () => {
  const graph = new Graph();
  graph.tensor('w', [2], Float32Array.of(1, 2));
  assert.equal(graph.tensor('w', [2], Float32Array.of(1, 2)), 'w');
  for (const [shape, values] of [
    [[2], [1, 3]],
    [
      [1, 2],
      [1, 2],
    ],
    [[1], [1]],
  ] as const)
    assert.throws(() => graph.tensor('w', shape, Float32Array.from(values)), /holds another tensor "w" already/);
});

/** The file, changed and with the hash of what it now is. */
function changed(change: (model: onnx.IModelProto) => unknown): Uint8Array {
  const model = ModelProto.decode(file);
  model.metadataProps.pop(); // the old hash
  change(model);
  return sealed(ModelProto.encode(model).finish());
}

function onnxText(name: string): string {
  return ModelProto.decode(file).metadataProps.find(({ key }) => key === name)?.value ?? '';
}
