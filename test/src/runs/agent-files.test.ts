import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActorCritic } from '../../../agents/actor-critic.ts';
import { readBundle } from '../../../agents/bundle/read-bundle.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { writeAgent } from '../../../src/runs/agent-files.ts';
import { describe, small } from '../../agents/bundle/samples.ts';
import { temporaryFolder } from './samples.ts';

test('a later policy replaces the earlier one, and nothing else is left in the folder', (context) => {
  const folder = join(temporaryFolder(context), 'agent');
  const agent = small('gru');
  const { layout } = new ActorCritic(agent, portableKernels);
  for (const update of [1, 2])
    // A view that does not begin at its buffer's start.
    writeAgent(folder, describe(agent), layout, {
      parameters: new Float32Array(layout.size + 1).fill(update).subarray(1),
      agentStep: 16 * update,
      update,
    });
  assert.deepEqual(readdirSync(folder).sort(), ['agent.json', 'weights.safetensors']);
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'agent.json'), 'utf8'));
  const { parameters, agentStep, update } = readBundle(manifest, readFileSync(join(folder, 'weights.safetensors')));
  assert.deepEqual([agentStep, update], [32, 2]);
  assert.deepEqual(parameters, new Float32Array(layout.size).fill(2));
});
