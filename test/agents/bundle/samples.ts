import { ActorCritic, type AgentOptions } from '../../../agents/actor-critic.ts';
import type { AgentDescription } from '../../../agents/bundle/manifest.ts';
import { bundle } from '../../../agents/bundle/write-bundle.ts';
import type { CoreKind, CoreOptions } from '../../../agents/cores/options.ts';
import { rimDefaults, type RimOptions } from '../../../agents/cores/options.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { Random } from '../../../agents/random.ts';

const layer: RimOptions = {
  ...{ modules: 3, units: 4, active: 2, ...rimDefaults(4) },
  ...{ inputKey: 4, inputValue: 4, commHeads: 1, commKey: 4, commValue: 4 },
};

/** One small core of each kind. */
export const cores: Readonly<Record<CoreKind, CoreOptions>> = {
  rim: { kind: 'rim', ...layer },
  brim: { kind: 'brim', layers: [layer, { ...layer, modules: 2, active: 1, rnn: 'gru', commGate: true }] },
  lstm: { kind: 'lstm', units: 5 },
  gru: { kind: 'gru', units: 5 },
  ff: { kind: 'ff' },
};

/** A network over vectors of four numbers with two actions. */
export function small(core: CoreKind): AgentOptions {
  return { observationShape: [4], observationType: 'float32', actions: 2, features: 6, core: cores[core] };
}

export function describe(agent: AgentOptions): AgentDescription {
  return {
    agent,
    environment: {
      game: 'CartPole-v1',
      recipe: 'CartPole-v1: keep a pole upright',
      actionMeanings: ['0', '1'],
      settings: { id: 'CartPole-v1', maxEpisodeSteps: 500, left: undefined },
    },
    training: { algorithm: 'PPO', settings: { seed: 1, anneal: true, sizes: [1, 2] }, versions: { node: '20' } },
    license: 'MIT',
  };
}

export interface Files {
  readonly manifest: Buffer;
  readonly weights: Buffer;
}

/** An agent's two files, and the parameters in them. */
export function written(
  agent: AgentOptions,
  change: (parameters: Float32Array) => void = () => undefined,
): Files & { readonly parameters: Float32Array } {
  const { layout } = new ActorCritic(agent, portableKernels);
  const parameters = layout.initial(new Random(5));
  change(parameters);
  const files = bundle(describe(agent), layout, { parameters, agentStep: 1024, update: 7 });
  const [manifest, weights] = files.map(({ parts }) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))),
  ) as [Buffer, Buffer];
  return { manifest, weights, parameters };
}
