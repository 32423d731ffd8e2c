import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { findCompiler } from '../../../agents/kernels/native/build.mjs';
import { evaluateRim, rimSpec, rimTensors } from './cases.ts';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

describe('a team of threads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-team-'));
  const program = join(folder, 'team-stress');

  before(() => {
    const native = here('../../../agents/kernels/native');
    const flags = ['-std=c++17', '-O2', '-pthread', `-I${native}`, '-o', program];
    const sources = [here('team-stress.cc'), join(native, 'team.cc')];
    const compiled = spawnSync((findCompiler as () => string)(), [...flags, ...sources], { encoding: 'utf8' });
    assert.equal(compiled.status, 0, compiled.stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const members of [1, 2, 4])
    test(`of ${members} does every item of every round once`, () => {
      const run = spawnSync(program, [String(members), '1000000'], { encoding: 'utf8' });
      assert.equal(run.stdout, '0 wrong\n');
      assert.equal(run.status, 0);
    });
});

test('the same minibatch gives the same bits every time', async () => {
  await loadTensorFlow({ threads: 2 });
  const kernels = selectKernels('native');
  const spec = rimSpec(6, 20, 4);
  const tensors = rimTensors(spec, 64, 2, 40);
  const once = (): string => {
    const { loss, outputs, grads } = evaluateRim(kernels, spec, tensors);
    const bits = Object.values(grads).map((gradient) => Buffer.from(gradient.dataSync().buffer).toString('base64'));
    tf.dispose([loss, outputs, grads]);
    return bits.join();
  };
  const first = once();
  for (let i = 0; i < 100; i++) assert.equal(once() === first, true, `repetition ${i} differs`);
});
