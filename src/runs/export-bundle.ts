import { existsSync, readdirSync } from 'node:fs';
import { ActorCritic } from '../../agents/actor-critic.ts';
import { bundleFiles } from '../../agents/bundle/damaged.ts';
import { loadBundle } from '../../agents/bundle/load-bundle.ts';
import type { Bundle } from '../../agents/bundle/read-bundle.ts';
import { portableKernels } from '../../agents/kernels/portable/index.ts';
import { UserError } from '../errors.ts';
import { writeAgent } from './agent-files.ts';
import { onDisk } from './disk.ts';

/**
 * Writes the agent of a run, or of a bundle, as a bundle into a folder of its own: the same two files that a run's
 * `agent/` has, checked while they are copied.
 * @param from folder of the run or bundle @param folder new, empty, or with an older bundle
 * @returns what was written
 * @throws UserError if there is no agent or it is damaged, if `folder` holds something else, or cannot be written
 */
export async function exportBundle(from: string, folder: string): Promise<Bundle> {
  const bundle = await loadBundle(from);
  const own: readonly string[] = Object.values(bundleFiles);
  const there = existsSync(folder) ? onDisk(`read ${folder}`, () => readdirSync(folder)) : [];
  const foreign = there.find((name) => !own.includes(name));
  if (foreign !== undefined)
    throw new UserError(`${folder} holds ${foreign}, which is no part of a bundle; choose a new folder`);
  const { layout } = new ActorCritic(bundle.manifest.agent, portableKernels);
  writeAgent(folder, bundle.manifest, layout, bundle);
  return bundle;
}
