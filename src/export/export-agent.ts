import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ActorCritic } from '../../agents/actor-critic.ts';
import { bundleFiles } from '../../agents/bundle/files.ts';
import { loadBundle } from '../../agents/bundle/load-bundle.ts';
import type { Bundle } from '../../agents/bundle/read-bundle.ts';
import { portableKernels } from '../../agents/kernels/portable/index.ts';
import { onnxModel } from '../../agents/onnx/model.ts';
import { UserError } from '../errors.ts';
import { writeAgent } from '../runs/agent-files.ts';
import { makeFolder, removeEmptyFolders, replaceFile } from '../runs/disk.ts';

/** What an agent can be exported to: an ONNX file, or a folder with agent.json and weights.safetensors. */
export const exportForms = ['onnx', 'bundle'] as const;
export type ExportForm = (typeof exportForms)[number];

/**
 * Writes the agent of a run, or of a bundle, to a new file or folder; each file is written whole or not at all.
 * @returns the agent
 * @throws UserError where there is no agent, `out` exists, or it cannot be written; nothing is left behind then
 */
export async function exportAgent(path: string, form: ExportForm, out: string): Promise<Bundle> {
  if (!existsSync(path)) throw new UserError(`there is no ${path}; give the folder of a run, such as those in runs/`);
  const agent = await loadBundle(path);
  if (existsSync(out)) throw new UserError(`${out} exists; remove it, or choose another --out`);
  const made = makeFolder(form === 'onnx' ? dirname(out) : out);
  try {
    if (form === 'onnx') replaceFile(out, [onnxModel(agent)]);
    else writeAgent(out, agent.manifest, new ActorCritic(agent.manifest.agent, portableKernels).layout, agent);
  } catch (error) {
    // There was no such folder before: what is in it is ours.
    if (form === 'bundle') for (const name of Object.values(bundleFiles)) rmSync(join(out, name), { force: true });
    removeEmptyFolders(made);
    throw error;
  }
  return agent;
}
