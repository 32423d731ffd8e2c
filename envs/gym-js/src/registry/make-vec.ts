import type { AnyEnv } from '../env.ts';
import { GymError } from '../errors.ts';
import { AsyncVectorEnv, type AsyncVectorEnvOptions } from '../vector/async-vector-env.ts';
import { SyncVectorEnv } from '../vector/sync-vector-env.ts';
import type { AnyVectorEnv, VectorEnv } from '../vector-env.ts';
import { warn } from '../warnings.ts';
import { callEntryPoint } from './entry-point.ts';
import type { EnvSpec } from './env-spec.ts';
import { type AnyWrapper, make, type MakeOptions, wrapAll } from './make.ts';
import { findSpec } from './registry.ts';

export type VectorizeMode = 'sync' | 'async' | 'vectorEntryPoint';

/** What `makeVec` itself understands; everything else goes to each environment as with `make`. */
export interface MakeVecOptions extends MakeOptions {
  /** Default 1. */
  numEnvs?: number;
  /** Default: the spec's own vector entry point where it has one, otherwise `sync`. */
  vectorizationMode?: VectorizeMode | undefined;
  /** For SyncVectorEnv or AsyncVectorEnv: autoresetMode and, of the latter, workers and timeout. */
  vectorKwargs?: AsyncVectorEnvOptions;
  /** Wrappers around each environment, innermost first; functions only for `sync`. */
  wrappers?: readonly AnyWrapper[];
}

/**
 * Makes several copies of a registered environment that step together (gymnasium.make_vec). Throws as `make` and the
 * vector environments do; GymError for options that the mode cannot use.
 */
export async function makeVec<Observation = unknown, Action = unknown, Observations = unknown, Actions = unknown>(
  id: string | EnvSpec,
  options: MakeVecOptions = {},
): Promise<VectorEnv<Observation, Action, Observations, Actions>> {
  const spec = typeof id === 'string' ? await findSpec(id) : id;
  const given: MakeVecOptions = { ...spec.kwargs, ...options };
  const { numEnvs = 1, vectorizationMode, vectorKwargs = {}, wrappers = [], ...kwargs } = given;
  if (!Number.isSafeInteger(numEnvs) || numEnvs < 1) throw new RangeError(`numEnvs ${numEnvs} is not 1 or more`);
  const mode = vectorizationMode ?? (spec.vectorEntryPoint === undefined ? 'sync' : 'vectorEntryPoint');
  const plan: Plan = { id, spec: spec.with({ kwargs: {} }), numEnvs, vectorKwargs, wrappers, kwargs };
  const env = await vectorize(mode, plan);
  const used = { vectorizationMode: mode, ...(numEnvs === 1 ? {} : { numEnvs }) };
  const more = {
    ...(Object.keys(vectorKwargs).length > 0 ? { vectorKwargs } : {}),
    ...(wrappers.length > 0 ? { wrappers } : {}),
  };
  Reflect.set(env, 'spec', spec.with({ kwargs: { ...kwargs, ...used, ...more } }));
  if (!env.metadata?.autoresetMode) warn(`${spec.id}: the vector environment's metadata tells no autoresetMode`);
  return env;
}

interface Plan {
  id: string | EnvSpec;
  /** Without kwargs. */
  spec: EnvSpec;
  numEnvs: number;
  vectorKwargs: AsyncVectorEnvOptions;
  wrappers: NonNullable<MakeVecOptions['wrappers']>;
  kwargs: MakeOptions;
}

function vectorize(mode: VectorizeMode, plan: Plan): Promise<AnyVectorEnv> {
  switch (mode) {
    case 'sync':
      return syncEnvs(plan);
    case 'async':
      return asyncEnvs(plan);
    case 'vectorEntryPoint':
      return ownVector(plan);
    default:
      throw new GymError(`vectorizationMode "${String(mode)}" is not one of sync, async, vectorEntryPoint`);
  }
}

async function syncEnvs({ spec, numEnvs, vectorKwargs, wrappers, kwargs }: Plan): Promise<AnyVectorEnv> {
  requireKnown(vectorKwargs, ['autoresetMode'], 'sync');
  const { autoresetMode } = vectorKwargs;
  const one = async (): Promise<AnyEnv> => wrapAll(await make(spec, kwargs), wrappers);
  return SyncVectorEnv.create(
    Array.from({ length: numEnvs }, () => one),
    autoresetMode ? { autoresetMode } : {},
  );
}

async function asyncEnvs({ id, spec, numEnvs, vectorKwargs, wrappers, kwargs }: Plan): Promise<AnyVectorEnv> {
  requireKnown(vectorKwargs, ['autoresetMode', 'workers', 'timeout'], 'async');
  const specs = wrappers.map((wrapper) => {
    if (typeof wrapper !== 'function') return wrapper;
    throw new GymError(
      `${spec.id}: wrapper functions cannot be sent to threads; give { name, entryPoint: "module:export", kwargs }`,
    );
  });
  // An id may name the module that registers it in the thread.
  const named = { id: typeof id === 'string' ? id : spec, options: kwargs, wrappers: specs };
  return AsyncVectorEnv.create(Array<typeof named>(numEnvs).fill(named), vectorKwargs);
}

async function ownVector({ spec, numEnvs, vectorKwargs, wrappers, kwargs }: Plan): Promise<AnyVectorEnv> {
  if (Object.keys(vectorKwargs).length > 0 || wrappers.length > 0 || spec.additionalWrappers.length > 0) {
    throw new GymError(`${spec.id} has a vector of its own, which takes no vectorKwargs and no wrappers`);
  }
  const { maxEpisodeSteps = spec.maxEpisodeSteps, ...others } = kwargs;
  const limit = maxEpisodeSteps === undefined ? {} : { maxEpisodeSteps };
  return (await callEntryPoint(spec.id, spec.vectorEntryPoint, { numEnvs, ...others, ...limit })) as AnyVectorEnv;
}

/** Throws GymError for an option that the mode has no use for. */
function requireKnown(vectorKwargs: object, known: readonly string[], mode: VectorizeMode): void {
  const unknown = Object.keys(vectorKwargs).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new GymError(`vectorKwargs "${unknown}" is not one of ${known.join(', ')}, which mode "${mode}" knows`);
}
