import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zeros } from '../../../agents/initializers.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { ParameterLayout } from '../../../agents/parameters.ts';
import { writeAgent } from '../../../src/runs/agent-files.ts';
import { temporaryFolder } from './samples.ts';

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/** Reads a file by the text of the format, and holds it to every rule there. */
function readSafetensors(file: Buffer): {
  metadata: Record<string, string>;
  tensors: Map<string, { shape: number[]; values: number[] }>;
} {
  const length = Number(file.readBigUInt64LE(0));
  assert.ok(length <= 100_000_000);
  const text = file.subarray(8, 8 + length).toString('utf8');
  assert.equal(text[0], '{');
  const { __metadata__: metadata, ...entries } = JSON.parse(text) as Record<string, Entry> & {
    __metadata__: Record<string, string>;
  };
  for (const value of Object.values(metadata)) assert.equal(typeof value, 'string');
  const data = file.subarray(8 + length);
  let end = 0;
  const tensors = new Map<string, { shape: number[]; values: number[] }>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries)) {
    assert.equal(dtype, 'F32');
    assert.equal(data_offsets[0], end, 'no holes in the data');
    end = data_offsets[1];
    const size = shape.reduce((a, b) => a * b, 1);
    assert.equal(end - data_offsets[0], 4 * size);
    const values = Array.from({ length: size }, (_, i) => data.readFloatLE(data_offsets[0] + 4 * i));
    tensors.set(name, { shape, values });
  }
  assert.equal(end, data.length, 'all data belongs to a tensor');
  return { metadata, tensors };
}

const layout = new ParameterLayout(
  {
    core: [
      { name: 'weights', shape: [2, 3], initializer: zeros },
      { name: 'bias', shape: [3], initializer: zeros },
    ],
    value: [{ name: 'scale', shape: [], initializer: zeros }],
  },
  portableKernels,
);
const description = {
  agent: { features: 510 },
  environment: { game: 'Breakout', recipe: 'gray', actionMeanings: ['NOOP'] },
  tensors: layout.placed,
  agentStep: 1024,
  update: 1,
};

test('weights.safetensors, read by the rules of its format, holds every tensor by name, shape and value', (context) => {
  const folder = join(temporaryFolder(context), 'agent');
  // A view that does not begin at its buffer's start.
  const flat = Float32Array.from([99, 1, 2, 3, 4, 5, 6, -0, 1e-40, NaN, 7]).subarray(1);
  writeAgent(folder, { ...description, parameters: flat });
  const file = readFileSync(join(folder, 'weights.safetensors'));
  const { metadata, tensors } = readSafetensors(file);
  assert.equal(Number(file.readBigUInt64LE(0)) % 8, 0, 'values are aligned');
  assert.deepEqual([...tensors.keys()], ['core.weights', 'core.bias', 'value.scale']);
  assert.deepEqual(tensors.get('core.weights'), { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] });
  assert.deepEqual(tensors.get('core.bias'), { shape: [3], values: [-0, Math.fround(1e-40), NaN] });
  assert.deepEqual(tensors.get('value.scale'), { shape: [], values: [7] });
  assert.deepEqual(
    { agentStep: metadata['agentStep'], update: metadata['update'] },
    { agentStep: '1024', update: '1' },
  );
  const data = file.subarray(8 + Number(file.readBigUInt64LE(0)));
  assert.equal(metadata['sha256'], createHash('sha256').update(data).digest('hex'));
});

test('agent.json names the network, the environment and the file of the weights', (context) => {
  const folder = join(temporaryFolder(context), 'agent');
  writeAgent(folder, { ...description, parameters: new Float32Array(layout.size) });
  const text = readFileSync(join(folder, 'agent.json'), 'utf8');
  const { agent, environment } = description;
  assert.deepEqual(JSON.parse(text), { format: 1, agent, environment, weights: 'weights.safetensors' });
});

test('a later policy replaces the earlier one, and nothing else is left in the folder', (context) => {
  const folder = join(temporaryFolder(context), 'agent');
  writeAgent(folder, { ...description, parameters: new Float32Array(layout.size) });
  writeAgent(folder, { ...description, update: 2, parameters: new Float32Array(layout.size).fill(3) });
  const { metadata, tensors } = readSafetensors(readFileSync(join(folder, 'weights.safetensors')));
  assert.equal(metadata['update'], '2');
  assert.deepEqual(tensors.get('value.scale')?.values, [3]);
  assert.deepEqual(readdirSync(folder).sort(), ['agent.json', 'weights.safetensors']);
});
