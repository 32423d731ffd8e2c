import { join } from 'node:path';
import type { ParameterLayout } from '../../agents/parameters.ts';
import type { AgentDescription } from '../../agents/bundle/manifest.ts';
import { bundle, type Learned } from '../../agents/bundle/write-bundle.ts';
import { makeFolder, replaceFile } from './disk.ts';

/**
 * Writes an agent's two files: agent.json, then weights.safetensors, which holds all that changes while it learns. Each
 * is replaced as a whole, so the two fit together at every moment. Throws UserError if the disk is full or not
 * writable.
 * @param layout of the network that `description.agent` determines
 */
export function writeAgent(
  folder: string,
  description: AgentDescription,
  layout: Pick<ParameterLayout, 'placed'>,
  learned: Learned,
): void {
  makeFolder(folder);
  for (const { name, parts } of bundle(description, layout, learned)) replaceFile(join(folder, name), parts);
}
