import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActorCritic } from '../../../agents/actor-critic.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { Random } from '../../../agents/random.ts';
import { writeAgent } from '../../../src/runs/agent-files.ts';
import { exportBundle } from '../../../src/runs/export-bundle.ts';
import { describe, small } from '../../agents/bundle/samples.ts';
import { temporaryFolder } from './samples.ts';

test("a bundle exported from a run or a bundle has the bytes of the run's agent", async (context) => {
  const folder = temporaryFolder(context);
  const agent = small('brim');
  const { layout } = new ActorCritic(agent, portableKernels);
  const learned = { parameters: layout.initial(new Random(3)), agentStep: 16, update: 1 };
  const [run, bundle, again] = ['run', 'bundle', 'again'].map((name) => join(folder, name)) as [string, string, string];
  writeAgent(join(run, 'agent'), describe(agent), layout, learned);
  const { agentStep, update } = await exportBundle(run, bundle);
  assert.deepEqual([agentStep, update], [16, 1]);
  await exportBundle(bundle, again);
  await exportBundle(bundle, again); // over an older one
  for (const copy of [bundle, again]) {
    assert.deepEqual(readdirSync(copy).sort(), ['agent.json', 'weights.safetensors']);
    for (const name of readdirSync(copy))
      assert.deepEqual(readFileSync(join(copy, name)), readFileSync(join(run, 'agent', name)));
  }
});

test('nothing is written where there is something else, or nothing to write', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'config.json'), '{}');
  await assert.rejects(exportBundle(folder, join(folder, 'out')), { name: 'UserError', message: /^no agent in / });
  const { layout } = new ActorCritic(small('ff'), portableKernels);
  writeAgent(join(folder, 'agent'), describe(small('ff')), layout, {
    parameters: new Float32Array(layout.size),
    agentStep: 0,
    update: 0,
  });
  await assert.rejects(exportBundle(folder, folder), { message: /holds (agent|config\.json), which is no part of a/ });
  assert.deepEqual(readdirSync(folder).sort(), ['agent', 'config.json']);
});
