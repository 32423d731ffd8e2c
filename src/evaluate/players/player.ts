import { statSync } from 'node:fs';
import type { Decision } from '../../../agents/actor-critic.ts';
import { Agent } from '../../../agents/agent.ts';
import { loadBundle } from '../../../agents/bundle/load-bundle.ts';
import type { FrozenAgent } from '../../../agents/frozen-agent.ts';
import { loadTensorFlow, tensorFlowThreads, tensorflowVersion } from '../../../agents/kernels/backend.ts';
import { describeKernels, selectKernels } from '../../../agents/kernels/index.ts';
import { UserError } from '../../errors.ts';

/** What a game needs of who plays it. */
export interface Acting extends Pick<FrozenAgent, 'core'> {
  /** One step of B episodes, as {@link Agent.actBatch}. */
  act(
    observations: Uint8Array | Float32Array,
    states: readonly Float32Array[],
    keep: Float32Array,
  ): Decision | Promise<Decision>;
}

/** An agent that plays and does not learn, whatever file it is from. */
export interface Player extends FrozenAgent, Acting {
  /** Of what computes it, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Threads that compute it. */
  readonly threads: number;
  /** Frees what it takes; it cannot act afterwards. */
  dispose(): Promise<void>;
}

/**
 * The agent of a run, of a bundle, or of an ONNX file.
 * @param threads of TensorFlow, as many as cores if not given
 * @throws UserError where there is none, it is damaged or of another version, or threads are given for an ONNX file
 */
export async function loadPlayer(path: string, threads: number | undefined): Promise<Player> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) {
    if (threads !== undefined)
      throw new UserError(`--threads is of TensorFlow, and ${path} is computed by onnxruntime; leave it out`);
    const { loadOnnxPlayer } = await import('./onnx-player.ts'); // it alone needs the format's code
    return loadOnnxPlayer(path);
  }
  await loadTensorFlow({ threads });
  const kernels = selectKernels('auto');
  const agent = new Agent(await loadBundle(path), kernels);
  const { manifest, agentStep, update, sha256, parameterCount, core } = agent;
  return {
    manifest,
    agentStep,
    update,
    sha256,
    parameterCount,
    core,
    versions: { tensorflow: tensorflowVersion(), kernels: describeKernels(kernels) },
    threads: tensorFlowThreads() as number,
    act: (observations, states, keep) => agent.actBatch(observations, states, keep),
    dispose: async () => agent.dispose(),
  };
}
