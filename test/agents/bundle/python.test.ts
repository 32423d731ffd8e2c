// weights.safetensors, as Python's own library for that format reads it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ActorCritic } from '../../../agents/actor-critic.ts';
import { coreKinds } from '../../../agents/cores/options.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { pythonEnvironment } from '../../bench/peers/python.ts';
import { small, written } from './samples.ts';

interface Answer {
  readonly tensors: Record<string, { readonly shape: number[]; readonly dtype: string; readonly hex: string }>;
  readonly metadata: Record<string, string>;
  readonly sha256: string;
}

const peer = (name: string): string => fileURLToPath(new URL(`../../peers/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rim-agents-safetensors-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test("Python's safetensors finds every parameter by name, shape and value, and the hash, of each core", async () => {
  const requirements = peer('safetensors-requirements.txt');
  const python = await pythonEnvironment(
    { name: 'safetensors', minorVersion: 10, requirements, bare: [] },
    { say: () => undefined, signal: new AbortController().signal },
  );
  for (const core of coreKinds) {
    const { weights, parameters } = written(small(core), (parameters) => parameters.set([-0, 1e-40]));
    const file = join(folder, `${core}.safetensors`);
    writeFileSync(file, weights);
    const answer = JSON.parse(execFileSync(python, [peer('safetensors_read.py'), file]).toString()) as Answer;
    const { placed } = new ActorCritic(small(core), portableKernels).layout;
    const expected = placed.map(({ name, shape, offset, size }) => {
      const values = Buffer.from(parameters.slice(offset, offset + size).buffer).toString('hex');
      return [name, { shape, dtype: 'F32', hex: values }] as const;
    });
    assert.deepEqual(answer.tensors, Object.fromEntries(expected), core);
    assert.deepEqual(answer.metadata, { agentStep: '1024', update: '7', sha256: answer.sha256 }, core);
  }
});
