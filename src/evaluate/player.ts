import { statSync } from 'node:fs';
import type { Decision } from '../../agents/actor-critic.ts';
import { Agent } from '../../agents/agent.ts';
import type { AgentManifest } from '../../agents/bundle/manifest.ts';
import type { Core } from '../../agents/cores/core.ts';
import { loadTensorFlow, tensorflowVersion } from '../../agents/kernels/backend.ts';
import { loadOnnxPlayer } from './onnx-player.ts';

/** An agent that plays and does not learn, whatever file it is from. */
export interface Player {
  readonly manifest: Pick<AgentManifest, 'agent' | 'environment'>;
  /** Agent steps and updates it has learned from, and the hash of what it learned. */
  readonly agentStep: number;
  readonly update: number;
  readonly sha256: string;
  /** Of what computes it, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Number of its parameters. */
  readonly parameterCount: number;
  readonly core: Pick<Core, 'stateWidths' | 'outputSize' | 'modules'>;
  /** One step of B episodes, as {@link Agent.actBatch}. */
  act(
    observations: Uint8Array | Float32Array,
    states: readonly Float32Array[],
    keep: Float32Array,
  ): Decision | Promise<Decision>;
  dispose(): void;
}

/**
 * The agent of a run, of a bundle, or of an ONNX file.
 * @param threads of TensorFlow
 * @throws UserError where there is none, or it is damaged or of another version
 */
export async function loadPlayer(path: string, threads: number | undefined): Promise<Player> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return loadOnnxPlayer(path);
  await loadTensorFlow({ threads });
  const agent = await Agent.load(path);
  const { manifest, agentStep, update, sha256, parameterCount, core } = agent;
  return {
    ...{ manifest, agentStep, update, sha256, parameterCount, core },
    versions: { tensorflow: tensorflowVersion() },
    act: (observations, states, keep) => agent.actBatch(observations, states, keep),
    dispose: () => agent.dispose(),
  };
}
