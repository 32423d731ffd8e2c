import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { atariDefaults } from '../../envs/atari/options.ts';
import { atariPresets } from '../../envs/atari/presets.ts';
import { checkCore, coreSettings, mnistLayers } from '../settings/core-settings.ts';
import { UserError } from '../errors.ts';
import { machineSettings } from '../settings/machine-settings.ts';
import { count, fraction, type Notes, positive, setting } from '../settings/setting.ts';

const option = <T extends z.ZodType>(schema: T, notes: Notes<'run' | 'environment' | 'network' | 'ppo'>): T =>
  setting(schema, notes);

const keysOf = <K extends string>(table: Record<K, unknown>): K[] => Object.keys(table) as K[];

/** Switched on or off, as by --no-reward-clip and in runs from before there was a choice. */
const clipByName = (value: unknown): unknown => (value === true ? 'sign' : value === false ? 'none' : value);

const goyal = 'Goyal et al. 2019, Atari';
const schulman = 'Schulman et al. 2017';
const baselines = 'OpenAI Baselines';
const machado = 'Machado et al. 2018';

const {
  core,
  dropout: _never,
  ...network
} = coreSettings({
  core: 'rim',
  ...{ modules: 6, units: 85, active: 4, hidden: 512, layers: mnistLayers.layers, commKey: 32, commValue: 32 },
  ...{ dropout: 0, sources: { sizes: goyal, layers: mnistLayers.source } },
});

const { seed, ...machine } = machineSettings({
  portable: '20 to 50 times slower',
  products: 'the products in torso and core',
  onGpu: 'torso, heads and optimiser',
});

/**
 * Every setting of a PPO run: type, range, default, one line on what it does, and its source. Flags, `--help`,
 * validation, config.json and docs/ppo.md are made from this table.
 */
export const ppoOptions = z.strictObject({
  game: option(z.string().min(1).default('Breakout'), {
    group: 'run',
    text: 'game or task by any usual name; npm run games lists them',
  }),
  core,
  steps: option(count(10_000_000), { group: 'run', text: 'agent steps to train for, over all environments' }),
  seed,
  workers: option(z.number().int().min(1).max(256).optional(), {
    group: 'run',
    text: 'threads that step environments (as many as cores)',
  }),
  ...machine,
  checkpointEvery: option(count(50), { group: 'run', text: 'updates between checkpoints' }),

  envs: option(count(8, 1024), { group: 'environment', text: 'environments played at once', source: goyal }),
  groups: option(z.union([z.literal(1), z.literal(2)]).optional(), {
    group: 'environment',
    text: '2: one half of the environments steps while the other is in the network (2 from 8 cores on, else 1)',
  }),
  preset: option(z.enum(keysOf(atariPresets)).optional(), {
    group: 'environment',
    text: 'a usual recipe of Atari (docs/environments.md); flags beside it go before it',
  }),
  sticky: option(fraction(atariDefaults.repeatActionProbability), {
    group: 'environment',
    text: 'probability that a frame repeats the action before (0.25 in the v5 games)',
    source: machado,
  }),
  noops: option(z.number().int().min(0).max(1000).default(atariDefaults.noopMax), {
    group: 'environment',
    text: 'most no-op frames at the start of a game',
    source: 'Mnih et al. 2015',
  }),
  fireReset: option(z.boolean().default(atariDefaults.fireReset), {
    group: 'environment',
    text: 'press FIRE at the start of each learning episode',
    source: baselines,
  }),
  frameSkip: option(count(atariDefaults.frameSkip, 60), {
    group: 'environment',
    text: 'frames per agent step',
    source: 'Mnih et al. 2015',
  }),
  maxPool: option(z.boolean().default(atariDefaults.maxPool), {
    group: 'environment',
    text: 'see the last frame alone, not the brighter of the last two at each place',
    source: 'Mnih et al. 2015',
  }),
  grayscale: option(z.boolean().default(atariDefaults.grayscale), {
    group: 'environment',
    text: 'see red, green and blue instead of gray',
    source: 'Mnih et al. 2015',
  }),
  stack: option(count(atariDefaults.stackNum, 16), {
    group: 'environment',
    text: 'newest frames in one observation',
    source: 'Mnih et al. 2015',
  }),
  lifeLoss: option(z.boolean().default(atariDefaults.terminalOnLifeLoss), {
    group: 'environment',
    text: 'a lost life does not end the learning episode',
    source: baselines,
  }),
  rewardClip: option(
    z.preprocess(clipByName, z.enum(['sign', 'range', 'none'])).default(atariDefaults.rewardClip || 'none'),
    {
      group: 'environment',
      text: 'learn from the sign of a reward, from what of it lies in -1..1, or from all of it',
      source: 'Mnih et al. 2015',
    },
  ),
  fullActionSet: option(z.boolean().default(atariDefaults.fullActionSpace), {
    group: 'environment',
    text: 'all 18 actions instead of those that the game uses',
    source: machado,
  }),
  frameCap: option(z.number().int().min(0).max(1_000_000_000).default(atariDefaults.maxNumFramesPerEpisode), {
    group: 'environment',
    text: 'frames after which a game is cut, 0 for never',
    source: machado,
  }),
  mode: option(z.number().int().min(0).max(255).optional(), {
    group: 'environment',
    text: "one of the game's modes (its default)",
    source: machado,
  }),
  difficulty: option(z.number().int().min(0).max(255).optional(), {
    group: 'environment',
    text: "one of the game's difficulties (its default)",
    source: machado,
  }),

  features: option(count(510, 8192), {
    group: 'network',
    text: 'units of the last layer before the core',
    source: goyal,
  }),
  ...network,

  rollout: option(count(128, 65_536), {
    group: 'ppo',
    text: 'agent steps per environment and update, all in one backpropagation',
    source: goyal,
  }),
  epochs: option(count(4, 100), { group: 'ppo', text: 'passes over each rollout', source: schulman }),
  minibatches: option(count(4, 1024), {
    group: 'ppo',
    text: 'minibatches per pass, each of whole environments',
    source: baselines,
  }),
  learningRate: option(positive(2.5e-4), { group: 'ppo', text: "Adam's step size at the start", source: schulman }),
  anneal: option(z.boolean().default(true), {
    group: 'ppo',
    text: 'keep the step size instead of letting it fall linearly to 0',
    source: schulman,
  }),
  adamEpsilon: option(positive(1e-5), { group: 'ppo', text: "Adam's epsilon", source: baselines }),
  gamma: option(fraction(0.99), { group: 'ppo', text: 'discount per agent step', source: schulman }),
  gaeLambda: option(fraction(0.95), { group: 'ppo', text: 'lambda of the advantages', source: 'Schulman et al. 2016' }),
  clip: option(positive(0.1), {
    group: 'ppo',
    text: 'range of the probability ratio, and of the value',
    source: schulman,
  }),
  clipValue: option(z.boolean().default(true), {
    group: 'ppo',
    text: "do not clip the value's change",
    source: baselines,
  }),
  normaliseAdvantages: option(z.boolean().default(true), {
    group: 'ppo',
    text: 'do not bring advantages to mean 0 and deviation 1 in each minibatch',
    source: baselines,
  }),
  valueCoefficient: option(z.number().min(0).default(0.5), {
    group: 'ppo',
    text: 'weight of the value loss',
    source: baselines,
  }),
  entropyCoefficient: option(z.number().min(0).default(0.01), {
    group: 'ppo',
    text: 'weight of the entropy bonus',
    source: schulman,
  }),
  maxGradNorm: option(positive(0.5), {
    group: 'ppo',
    text: 'global norm to which gradients are clipped',
    source: baselines,
  }),
});

export type PpoOptions = z.infer<typeof ppoOptions>;

/**
 * Settings that may change when a run is resumed: they decide how long it goes on and how fast. What is learned changes
 * with them only so far: `steps` stretches the fall of the learning rate; `kernels` and `device`, and `threads` where
 * TensorFlow's own operations are used, may move the last bits.
 */
export const freeSettings: ReadonlySet<string> = new Set<keyof PpoOptions>([
  'steps',
  'workers',
  'groups',
  'threads',
  'kernels',
  'device',
  'checkpointEvery',
]);

/** Those of them that change neither what is learned nor from what: all but `steps`. */
export const indifferentSettings: ReadonlySet<string> = new Set([...freeSettings].filter((key) => key !== 'steps'));

/**
 * What no single range can say.
 * @throws UserError naming both settings and the mend
 */
export function checkOptions(options: PpoOptions): void {
  const { envs, minibatches, groups, device, precision } = options;
  if (envs % minibatches !== 0)
    throw new UserError(
      `--envs ${envs} cannot be divided into --minibatches ${minibatches}: ` +
        'a minibatch holds whole environments, so envs must be a multiple of minibatches',
    );
  if (groups !== undefined && envs % groups !== 0)
    throw new UserError(`--envs ${envs} cannot be divided into --groups ${groups}; take an even number of envs`);
  if (device === 'gpu' && precision === 'bf16')
    throw new UserError(
      '--precision bf16 is made of operations for the processor: leave out --device gpu, or take --precision float32',
    );
  checkCore(options);
}

export type ResolvedOptions = PpoOptions & {
  readonly workers: number;
  readonly threads: number;
  readonly groups: 1 | 2;
};

/** From so many cores on the network leaves some idle, so that environments can step beside it. */
const manyCores = 8;

/**
 * Fills in what depends on the machine: as many threads as it has cores, but no more workers than environments; two
 * groups where cores are many. On few cores the network uses them all, and two calls for half the environments cost
 * more than one for all. Groups change no result, only speed.
 */
export function withMachine(options: PpoOptions, cores = availableParallelism()): ResolvedOptions {
  const { envs } = options;
  return {
    ...options,
    workers: options.workers ?? Math.min(cores, envs),
    threads: options.threads ?? cores,
    groups: options.groups ?? (cores >= manyCores && envs % 2 === 0 ? 2 : 1),
  };
}
