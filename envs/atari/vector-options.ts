import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { AleModule } from 'ale-wasm';
import type { AutoresetMode } from 'gym-js';
import { requireKnown, requireOneOf, requireWhole } from '../ranges.ts';
import { UserError } from '../user-error.ts';
import { resolveGame } from './games.ts';
import { atariOptionNames, atariOptions, type AtariOptions, observationShape } from './options.ts';
import { poolMemory } from './pool-memory.ts';
import { requireSeed } from './seeding.ts';
import { sharedAle } from './shared-ale.ts';
import type { EnvironmentSetup, PoolSetup } from './worker-protocol.ts';
import type { WorkerPoolLimits } from './pool-limits.ts';

/** One environment of a vector: what is left out is as the vector's own options say. */
interface VectorEnvironmentOptions extends Partial<AtariOptions> {
  /** Any usual name. */
  game?: string;
  /** Its seed until `reset` gives another. */
  seed?: number;
}

/** Options are those of one environment, for all of them, and: */
export interface AtariVectorOptions extends Omit<VectorEnvironmentOptions, 'seed'>, Partial<WorkerPoolLimits> {
  /** Environments, 1..1024; left out where `environments` says how many. */
  numEnvs?: number;
  /** What differs from one environment to the next; observations must have one shape. */
  environments?: readonly VectorEnvironmentOptions[];
  /** Environments in one result of `recv`, 1..numEnvs; default all, in order. */
  batchSize?: number;
  /** Threads, 1..256, never more than environments; default: as many as cores. */
  workers?: number;
  /** Default `nextStep`. */
  autoresetMode?: AutoresetMode;
  /** Seed of environment 0, or one for each, until `reset` gives others; environment i gets seed + i. Default 0. */
  seed?: number | readonly number[];
}

/** Options beside those of the recipe. */
const ownNames: readonly Exclude<keyof AtariVectorOptions, keyof AtariOptions>[] = [
  'game',
  'numEnvs',
  'environments',
  'batchSize',
  'workers',
  'autoresetMode',
  'seed',
  'snapshotEvery',
  'stepLimit',
  'startLimit',
];

/** Where ale-py's AtariVectorEnv plays otherwise than what the field trains with. */
const vectorDefaults: Readonly<Partial<AtariOptions>> = {
  terminalOnLifeLoss: false,
  fireReset: true,
  rewardClip: 'range',
  seeding: 'ale',
};

export interface VectorSetup extends PoolSetup {
  readonly batchSize: number;
  /** Of every environment. */
  readonly observationShape: readonly number[];
}

/** @throws UserError for an unknown game, an option out of range, or environments that do not fit together */
export async function vectorSetup(options: AtariVectorOptions): Promise<VectorSetup> {
  const environments = setups(options);
  const count = environments.length;
  const { batchSize = count, workers = availableParallelism(), autoresetMode = 'nextStep' } = options;
  requireWhole('batchSize', batchSize, 1, count);
  requireWhole('workers', workers, 1, 256);
  requireOneOf('autoresetMode', autoresetMode, ['nextStep', 'sameStep', 'disabled']);
  const shape = commonShape(environments);
  const size = {
    count,
    workers: Math.min(workers, count),
    groups: 1,
    rows: 2,
    cells: 1,
    observationBytes: shape.reduce((product, side) => product * side, 1),
  };
  const memory = poolMemory(size, `frames of ${count} environments`, 'take fewer');
  const module = await sharedAle();
  const roms: Record<string, Uint8Array> = {};
  for (const { game } of environments) roms[game.rom] ??= await module.rom(game.rom);
  const playable = await withCommonActions(module, environments, roms);
  const ale = module.share();
  return {
    size,
    memory,
    ale,
    autoreset: autoresetMode,
    environments: playable,
    roms,
    batchSize,
    observationShape: shape,
  };
}

/** One seed for each environment, from one number (then env i gets seed + i) or a list. @throws UserError */
export function seedsFor<S extends number | undefined>(seed: number | readonly S[], count: number): (S | number)[] {
  const seeds = typeof seed === 'number' ? Array.from({ length: count }, (_, env) => seed + env) : [...seed];
  if (seeds.length !== count) throw new UserError(`${seeds.length} seeds for ${count} environments; give one for each`);
  for (const one of seeds) if (one !== undefined) requireSeed(one);
  return seeds;
}

function setups(given: AtariVectorOptions): EnvironmentSetup[] {
  requireKnown('AtariVectorEnv', given, [...ownNames, ...atariOptionNames]);
  const { environments, numEnvs, seed = 0 } = given;
  const count = numEnvs ?? environments?.length ?? 1;
  requireWhole('numEnvs', count, 1, 1024);
  if (environments && environments.length !== count) {
    throw new UserError(`environments lists ${environments.length}, numEnvs is ${count}; leave numEnvs out`);
  }
  const common = { ...vectorDefaults, ...recipeIn(given) };
  return seedsFor(seed, count).map((inTurn, env) => {
    const own = environments?.[env] ?? {};
    requireKnown(`environments[${env}]`, own, ['game', 'seed', ...atariOptionNames]);
    const { game = given.game, seed = inTurn } = own;
    if (game === undefined) throw new UserError(`environment ${env} has no game; give one`);
    requireSeed(seed);
    return { game: resolveGame(game), options: atariOptions({ ...common, ...recipeIn(own) }), seed };
  });
}

/** What is given of the recipe. */
function recipeIn(given: Partial<AtariOptions>): Partial<AtariOptions> {
  const names = atariOptionNames.filter((name) => given[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, given[name]]));
}

function commonShape(environments: readonly EnvironmentSetup[]): readonly number[] {
  const [first] = environments;
  if (!first) throw new UserError('no environments; give at least one');
  const shape = observationShape(first.options);
  for (const [env, { options }] of environments.entries()) {
    const its = observationShape(options);
    if (isDeepStrictEqual(its, shape)) continue;
    throw new UserError(
      `observations of environment ${env} are (${its.join(', ')}), those of environment 0 (${shape.join(', ')}); ` +
        'give all the same screenSize, grayscale and stackNum',
    );
  }
  return shape;
}

/**
 * One action space for all: where the games use the same actions it is these, in their order, else all 18, so that an
 * action means the same in every environment.
 */
async function withCommonActions(
  module: AleModule,
  environments: readonly EnvironmentSetup[],
  roms: Readonly<Record<string, Uint8Array>>,
): Promise<readonly EnvironmentSetup[]> {
  const [first, ...others] = environments;
  const oneGame = others.every(
    ({ game, options }) => game.rom === first?.game.rom && options.fullActionSpace === first.options.fullActionSpace,
  );
  if (oneGame) return environments;
  const sets = new Set<string>();
  for (const { game, options } of environments) {
    sets.add(options.fullActionSpace ? 'all' : await minimalActions(module, roms[game.rom] ?? new Uint8Array()));
  }
  if (sets.size === 1) return environments;
  return environments.map((setup) => ({ ...setup, options: { ...setup.options, fullActionSpace: true } }));
}

async function minimalActions(module: AleModule, rom: Uint8Array): Promise<string> {
  const ale = await module.create();
  try {
    await ale.loadRom(rom);
    return ale.minimalActions().join(' ');
  } finally {
    ale.close();
  }
}
