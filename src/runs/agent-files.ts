import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makeFolder, replaceFile } from './disk.ts';
import { type PlacedTensor, safetensors } from './safetensors.ts';

/** A policy, and what is needed to let it play. */
export interface AgentDescription {
  /** What determines the network (`AgentOptions` of the agents). */
  readonly agent: object;
  /** Where the policy has learned: game, preprocessing recipe, the meaning of its actions. */
  readonly environment: { readonly game: string; readonly recipe: string; readonly actionMeanings: readonly string[] };
  /** Where each tensor lies in `parameters`. */
  readonly tensors: readonly PlacedTensor[];
  readonly parameters: Float32Array;
  /** Agent steps and updates it has learned from. */
  readonly agentStep: number;
  readonly update: number;
}

/**
 * Writes agent.json, which never changes during a run, and weights.safetensors, which holds
 * everything that does. Each is replaced as a whole, so the two fit together at every moment. Throws
 * UserError if the disk is full or not writable.
 */
export function writeAgent(folder: string, description: AgentDescription): void {
  const { agent, environment, tensors, parameters, agentStep, update } = description;
  makeFolder(folder);
  const weights = 'weights.safetensors';
  replaceFile(join(folder, 'agent.json'), [`${JSON.stringify({ format: 1, agent, environment, weights }, null, 2)}\n`]);
  const sha256 = createHash('sha256').update(parameters).digest('hex');
  const metadata = { agentStep: `${agentStep}`, update: `${update}`, sha256 };
  replaceFile(join(folder, weights), safetensors(tensors, parameters, metadata));
}
