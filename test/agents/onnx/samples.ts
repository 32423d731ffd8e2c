// Agents with drawn parameters, whose every core is one that `npm run ppo` can train, and sequences for them.
import type { AgentOptions } from '../../../agents/actor-critic.ts';
import { ActorCritic } from '../../../agents/actor-critic.ts';
import { manifestText, readManifest } from '../../../agents/bundle/manifest.ts';
import type { Bundle } from '../../../agents/bundle/read-bundle.ts';
import type { CoreOptions } from '../../../agents/cores/options.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { Random } from '../../../agents/random.ts';
import { layer, variants } from '../cores/variants.ts';

const steps = 8;
export const batch = 3;

const actions = 5;
const vectors = (core: CoreOptions): AgentOptions => ({
  ...{ observationShape: [4], observationType: 'float32', actions, features: 6, core },
});
const pictures = (core: CoreOptions, channels = 4): AgentOptions => ({
  ...{ observationShape: [84, 84, channels], observationType: 'uint8', actions, features: 24, core },
});

/** Every core and variant over vectors; every kind of core over pictures, gray and coloured. */
export const agents: Readonly<Record<string, AgentOptions>> = {
  ...Object.fromEntries(Object.entries(variants).map(([name, core]) => [name, vectors(core)])),
  'brim of 1 layer': vectors({ kind: 'brim', layers: [layer(4, 3, 2)] }),
  'rim of 1 module': vectors({ kind: 'rim', ...layer(1, 4, 1) }),
  'rim, many modules': vectors({ kind: 'rim', ...layer(16, 2, 5, { initialisation: 'paper', dropout: 0.3 }) }),
  'rim, pictures': pictures({ kind: 'rim', ...layer(6, 4, 4) }),
  'brim, pictures': pictures({ kind: 'brim', layers: [layer(3, 4, 2), layer(2, 5, 1)] }),
  'lstm, pictures': pictures({ kind: 'lstm', units: 7 }),
  'gru, pictures in colours': pictures({ kind: 'gru', units: 7 }, 12),
  'ff, one picture': pictures({ kind: 'ff' }, 1),
};

/** An agent as its files would hold it. Every parameter, biases too, is away from zero; logits are of order one. */
export function drawn(agent: AgentOptions, seed: number, environment: object = {}): Bundle {
  const { layout } = new ActorCritic(agent, portableKernels);
  const random = new Random(seed);
  const parameters = layout.initial(random);
  for (const { name, offset, size } of layout.placed)
    for (let i = offset; i < offset + size; i++)
      parameters[i] = ((parameters[i] as number) + 0.02 * random.normal()) * (name === 'policy.weights' ? 10 : 1);
  const manifest = readManifest(
    JSON.parse(
      manifestText({
        agent,
        environment: {
          ...{ game: 'Sample', recipe: 'none', settings: { frameSkip: 4 } },
          actionMeanings: Array.from({ length: agent.actions }, (_, i) => `ACTION ${i}`),
          ...environment,
        },
        training: { algorithm: 'PPO', settings: { seed }, versions: {} },
        license: 'MIT',
      }),
    ),
  );
  return { manifest, parameters, agentStep: 1024, update: 7, sha256: 'c0ffee' };
}

/** Inputs of one step of a batch. */
export interface Step {
  readonly observation: Uint8Array | Float32Array;
  /** 0 in the first step, and now and then later. */
  readonly keep: Float32Array;
}

export function sequence({ observationShape, observationType }: AgentOptions, seed: number): Step[] {
  const random = new Random(seed);
  const size = observationShape.reduce((a, b) => a * b, batch);
  return Array.from({ length: steps }, (_, t) => ({
    observation:
      observationType === 'uint8'
        ? Uint8Array.from({ length: size }, () => Math.floor(256 * random.uniform()))
        : Float32Array.from({ length: size }, () => random.normal()),
    keep: Float32Array.from({ length: batch }, () => Number(t > 0 && random.uniform() > 0.15)),
  }));
}
