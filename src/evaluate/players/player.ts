import { statSync } from 'node:fs';
import type { Decision } from '../../../agents/actor-critic.ts';
import { Agent } from '../../../agents/agent.ts';
import type { FrozenAgent } from '../../../agents/frozen-agent.ts';
import { loadTensorFlow, tensorflowVersion } from '../../../agents/kernels/backend.ts';
import { loadOnnxPlayer } from './onnx-player.ts';

/** An agent that plays and does not learn, whatever file it is from. */
export interface Player extends FrozenAgent {
  /** Of what computes it, by name. */
  readonly versions: Readonly<Record<string, string>>;
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
