import type { AnyEnv, ResetResult } from '../env.ts';
import { GymError } from '../errors.ts';
import { make } from '../registry/make.ts';
import type { Space } from '../spaces/space.ts';
import { warn } from '../warnings.ts';
import { envName, unwrapped } from '../wrappers/wrapper.ts';
import { checkedRender, checkedReset, checkedStep } from './passive-checks.ts';
import { equalData, sharesObjects } from './same-data.ts';
import { checkSpace, checkSpaceLimit } from './space-checks.ts';

export interface CheckEnvOptions {
  skipRenderCheck?: boolean;
  skipCloseCheck?: boolean;
}

/**
 * Tries an environment in every way that a learner does (gymnasium.utils.env_checker.check_env): its spaces, what reset
 * and step return, that seeds decide everything, that returned data is new each time, its render modes, closing twice.
 * Takes the environment itself, as `unwrapped(await make(id))` gives it. Throws TypeError or GymError for what breaks
 * the interface, warns of what may trouble a learner. Render modes and closing need an environment made by `make`.
 */
export async function checkEnv(
  env: AnyEnv,
  { skipRenderCheck = false, skipCloseCheck = false }: CheckEnvOptions = {},
): Promise<void> {
  for (const method of ['reset', 'step', 'close'] as const) {
    if (typeof env?.[method] !== 'function') throw new TypeError(`the environment has no method ${method}()`);
  }
  if (unwrapped(env) !== env) warn(`${envName(env)} is wrapped: check the environment itself, unwrapped(env)`);
  for (const kind of ['action', 'observation'] as const) {
    checkSpace(env[`${kind}Space`], kind);
    checkSpaceLimit(env[`${kind}Space`], kind);
  }
  checkResets(env);
  checkedReset(env, { options: {} });
  checkedStep(env, env.actionSpace.sample());
  checkStepDeterminism(env);
  checkDataIsNew(env);
  if (!skipRenderCheck) await checkRenderModes(env);
  if (!skipCloseCheck && env.spec) await checkClose(env);
}

/** The same seed gives the same episodes, the next one included. */
function checkResets(env: AnyEnv): void {
  const reset = (seed?: number): unknown => {
    const call = seed === undefined ? 'reset()' : `reset({ seed: ${seed} })`;
    return within(env.observationSpace, structuredClone(checkedReset(env, { seed }).observation), call);
  };
  const [first, second] = [reset(123), reset()];
  const [again, secondAgain] = [reset(123), reset()];
  reset(456);
  if (env.spec?.nondeterministic) return;
  if (!equalData(first, again)) {
    throw new GymError('reset({ seed: 123 }) gave different observations; take all randomness from the seed');
  }
  if (!equalData(second, secondAgain)) {
    throw new GymError('the reset() after reset({ seed: 123 }) gave different observations; keep to one generator');
  }
}

function checkStepDeterminism(env: AnyEnv): void {
  if (env.spec?.nondeterministic) return;
  env.actionSpace.seed(123);
  const action: unknown = env.actionSpace.sample();
  const once = (): Record<string, unknown> => {
    env.reset({ seed: 123 });
    return structuredClone({ ...env.step(action) });
  };
  const [first, again] = [once(), once()];
  for (const part of ['observation', 'reward', 'terminated', 'truncated', 'info']) {
    if (equalData(first[part], again[part])) continue;
    throw new GymError(`the same seed and action gave a different ${part}; take all randomness from the seed`);
  }
  if (first.truncated) throw new GymError('the episode is truncated after one step');
}

function checkDataIsNew(env: AnyEnv): void {
  env.actionSpace.seed(123);
  const calls: [name: string, result: ResetResult<unknown>][] = [['the first reset()', env.reset({ seed: 123 })]];
  for (let step = 1; step <= 2; step++) {
    const result = env.step(env.actionSpace.sample());
    calls.push([`step() ${step}`, result]);
    if (result.terminated || result.truncated) break;
  }
  calls.push(['the second reset()', env.reset({ seed: 123 })]);
  for (const [i, [before, a]] of calls.entries()) {
    for (const [after, b] of calls.slice(i + 1)) {
      for (const name of ['observation', 'info'] as const) {
        if (!sharesObjects(a[name], b[name])) continue;
        throw new GymError(`${before} and ${after} returned the same ${name} object; return a new one each time`);
      }
    }
  }
}

async function checkRenderModes(env: AnyEnv): Promise<void> {
  if (env.renderMode !== undefined) checkedRender(env);
  const { spec, metadata } = env;
  if (!spec) return warn('without a spec only this render mode can be checked; make the environment with make()');
  for (const renderMode of metadata?.renderModes ?? []) {
    const other = await make(spec, { renderMode });
    other.reset();
    checkedRender(other);
    other.close();
  }
}

async function checkClose(env: AnyEnv): Promise<void> {
  if (!env.spec) return;
  const other = await make(env.spec);
  other.close();
  try {
    other.close();
  } catch (error) {
    warn(`close() of a closed environment threw "${(error as Error).message}"; it may be called twice`);
  }
}

function within(space: Space<unknown>, observation: unknown, call: string): unknown {
  if (space.contains(observation)) return observation;
  throw new GymError(`${call} gave an observation that is not within ${space.toString()}`);
}
