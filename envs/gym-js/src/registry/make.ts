import type { AnyEnv, Env } from '../env.ts';
import { warn } from '../warnings.ts';
import { OrderEnforcing } from '../wrappers/order-enforcing.ts';
import { PassiveEnvChecker } from '../wrappers/passive-env-checker.ts';
import { RenderCollection } from '../wrappers/render-collection.ts';
import { TimeLimit } from '../wrappers/time-limit.ts';
import { unwrapped } from '../wrappers/wrapper.ts';
import { discard } from './discard.ts';
import { callEntryPoint, loadEntryPoint } from './entry-point.ts';
import type { EnvKwargs, EnvSpec } from './env-spec.ts';
import { findSpec } from './registry.ts';
import type { WrapperSpec } from './wrapper-spec.ts';

/** What `make` itself understands; everything else goes to the environment, over what it was registered with. */
export interface MakeOptions extends EnvKwargs {
  /** Steps after which an episode is truncated, instead of the registered number; -1 for never. */
  maxEpisodeSteps?: number | undefined;
  /** Leaves PassiveEnvChecker out (true) or in (false), instead of what is registered. */
  disableEnvChecker?: boolean | undefined;
  /** How the environment renders; a mode that ends in `_list` collects the frames since the last `render`. */
  renderMode?: string | undefined;
}

/**
 * Makes a registered environment and wraps it as its spec says: PassiveEnvChecker, OrderEnforcing, TimeLimit, then the
 * spec's own (gymnasium.make). `id` is an id (see `findSpec`) or a spec. Throws as `findSpec` does; TypeError where the
 * entry point makes no environment; and whatever the environment or a wrapper throws.
 */
export async function make<Observation = unknown, Action = unknown>(
  id: string | EnvSpec,
  { maxEpisodeSteps, disableEnvChecker, ...given }: MakeOptions = {},
): Promise<Env<Observation, Action>> {
  const spec = typeof id === 'string' ? await findSpec(id) : id;
  const { kwargs, collect } = await renderKwargs(spec, { ...spec.kwargs, ...given });
  const made = requireEnv(spec.id, await callEntryPoint(spec.id, spec.entryPoint, kwargs));
  const bare = { maxEpisodeSteps: undefined, orderEnforce: false, disableEnvChecker: true, additionalWrappers: [] };
  // Where it cannot be set, on a frozen object, the environment goes without.
  Reflect.set(unwrapped(made), 'spec', spec.with({ ...bare, kwargs }));
  const limit = maxEpisodeSteps ?? spec.maxEpisodeSteps;
  // A spec that was taken from a made environment also tells of the wrappers that its entry point had put there.
  const already = made.spec?.additionalWrappers.length ?? 0;
  const wrapped = await wrapAll(made, [
    ...((disableEnvChecker ?? spec.disableEnvChecker) ? [] : [(env: AnyEnv) => new PassiveEnvChecker(env)]),
    ...(spec.orderEnforce ? [(env: AnyEnv) => new OrderEnforcing(env)] : []),
    ...(limit === undefined || limit === -1 ? [] : [(env: AnyEnv) => new TimeLimit(env, { maxEpisodeSteps: limit })]),
    ...spec.additionalWrappers.slice(already),
    ...(collect ? [(env: AnyEnv) => new RenderCollection(env)] : []),
  ]);
  return wrapped as Env<Observation, Action>;
}

/** A wrapper as a spec describes it, or a function that puts one around an environment. */
export type AnyWrapper = WrapperSpec | ((env: AnyEnv) => AnyEnv | Promise<AnyEnv>);

/**
 * Puts wrappers around an environment, the first innermost. Throws GymError where one cannot be found, and whatever one
 * throws, with the environment closed.
 */
export async function wrapAll(env: AnyEnv, wrappers: readonly AnyWrapper[]): Promise<AnyEnv> {
  let wrapped = env;
  try {
    for (const wrapper of wrappers) {
      wrapped = await (typeof wrapper === 'function' ? wrapper(wrapped) : wrap(wrapped, wrapper));
    }
    return wrapped;
  } catch (error) {
    discard([wrapped]);
    throw error;
  }
}

async function wrap(env: AnyEnv, { name, entryPoint, kwargs }: WrapperSpec): Promise<AnyEnv> {
  return requireEnv(name, await callEntryPoint(name, entryPoint, env, kwargs ?? {}));
}

/**
 * Takes `_list` off a render mode that the environment has without it, and warns of one that it does not have at all.
 */
async function renderKwargs(spec: EnvSpec, kwargs: EnvKwargs): Promise<{ kwargs: EnvKwargs; collect: boolean }> {
  const { renderMode } = kwargs;
  const creator = await loadEntryPoint(spec.id, spec.entryPoint);
  const modes = (creator as { metadata?: { renderModes?: readonly string[] } }).metadata?.renderModes;
  if (typeof renderMode !== 'string' || !modes || modes.includes(renderMode)) return { kwargs, collect: false };
  const single = renderMode.replace(/_list$/, '');
  if (modes.includes(single)) return { kwargs: { ...kwargs, renderMode: single }, collect: true };
  warn(`${spec.id}: render mode "${renderMode}" is not one of its modes: ${modes.join(', ')}`);
  return { kwargs, collect: false };
}

function requireEnv(id: string, made: unknown): AnyEnv {
  for (const method of ['reset', 'step', 'close']) {
    if (typeof (made as Record<string, unknown> | undefined)?.[method] !== 'function') {
      throw new TypeError(`the entry point of ${id} made no environment: what it returned has no ${method}()`);
    }
  }
  return made as AnyEnv;
}
