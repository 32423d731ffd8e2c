import type { ParameterLayout } from '../parameters.ts';
import { bundleFiles } from './files.ts';
import { weightsHash } from './hash.ts';
import { type AgentDescription, manifestText } from './manifest.ts';
import { bytesOf, safetensors } from './safetensors.ts';

/** What an agent has learned. */
export interface Learned {
  /** Of the network's layout. */
  readonly parameters: Float32Array;
  /** Agent steps and updates it has learned from. */
  readonly agentStep: number;
  readonly update: number;
}

/**
 * The two files of an agent, each as the parts that are to be written one after the other: agent.json, and
 * weights.safetensors, which Python's safetensors and everything else that knows the format can read.
 * @param layout of the network that `description.agent` determines
 */
export function bundle(
  description: AgentDescription,
  { placed }: Pick<ParameterLayout, 'placed'>,
  { parameters, agentStep, update }: Learned,
): { readonly name: string; readonly parts: readonly (string | Uint8Array)[] }[] {
  const data = placed.map((tensor) => bytesOf(parameters, tensor));
  const sha256 = weightsHash(data, agentStep, update);
  const metadata = { agentStep: `${agentStep}`, update: `${update}`, sha256 };
  return [
    { name: bundleFiles.manifest, parts: [manifestText(description)] },
    { name: bundleFiles.weights, parts: safetensors(placed, parameters, metadata) },
  ];
}
