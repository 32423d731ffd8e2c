import type { AnyEnv, RenderResult, ResetOptions, ResetResult, StepResult } from '../env.ts';
import { GymError } from '../errors.ts';
import type { Space } from '../spaces/space.ts';
import { warn } from '../warnings.ts';
import { sharesObjects } from './same-data.ts';
import { describe } from './space-checks.ts';

// What gymnasium.utils.passive_env_checker asks of what an environment returns. The results go on unchanged.

/** Throws GymError where the result is not of the form `{ observation, info }`; warns of a wrong observation. */
export function checkedReset<O>(env: AnyEnv, options?: ResetOptions): ResetResult<O> {
  const result = env.reset(options) as ResetResult<O>;
  requireForm('reset', result);
  checkObservation('reset', result.observation, env.observationSpace);
  return result;
}

/** Throws GymError where the result has not the form of a step's; warns of parts that are wrong. */
export function checkedStep<O>(env: AnyEnv, action: unknown): StepResult<O> {
  const result = env.step(action) as StepResult<O>;
  requireForm('step', result);
  for (const mark of ['terminated', 'truncated'] as const) {
    if (typeof result[mark] !== 'boolean') warn(`step() returned ${describe(result[mark])} as ${mark}, not a boolean`);
  }
  checkObservation('step', result.observation, env.observationSpace);
  if (typeof result.reward !== 'number') warn(`step() returned ${describe(result.reward)} as reward, not a number`);
  else if (!Number.isFinite(result.reward)) warn(`step() returned the reward ${result.reward}`);
  return result;
}

/**
 * Throws GymError where the render mode is none that the metadata tells, or frames per second are not above 0; warns
 * where the metadata does not tell them, or the frame is not what the mode says.
 */
export function checkedRender(env: AnyEnv): RenderResult {
  const { renderMode, metadata } = env;
  const modes = metadata?.renderModes;
  if (!modes) warn('the metadata tells no renderModes');
  else if (renderMode !== undefined && !modes.includes(renderMode)) {
    throw new GymError(
      `the render mode "${renderMode}" is none of the metadata's renderModes: ${modes.join(', ') || 'there are none'}`,
    );
  }
  if (modes && modes.length > 0) checkFps(metadata?.renderFps);
  const rendered = env.render?.();
  if (renderMode !== undefined) checkFrame(renderMode, rendered);
  return rendered;
}

/** Warns where two results following each other share an object, so that one changes with the other. */
export function checkReuse(before: ResetResult<unknown>, after: ResetResult<unknown>, calls: string): void {
  for (const name of ['observation', 'info'] as const) {
    if (sharesObjects(before[name], after[name])) {
      warn(`${calls} returned the same ${name} object; return a new one each time, for callers keep them`);
    }
  }
}

function requireForm(method: string, result: { observation: unknown; info: unknown } | undefined): void {
  if (typeof result !== 'object' || result === null || !('observation' in result)) {
    throw new GymError(`${method}() returned ${describe(result)}, not an object with an observation`);
  }
  if (typeof result.info !== 'object' || result.info === null) {
    throw new GymError(`${method}() returned ${describe(result.info)} as info, not an object`);
  }
}

function checkObservation(method: string, observation: unknown, space: Space<unknown>): void {
  if (!space.contains(observation)) {
    warn(`${method}() returned ${describe(observation)} that is not within the observation space ${space.toString()}`);
  }
}

function checkFps(fps: unknown): void {
  if (fps === undefined) warn('the metadata tells no renderFps');
  else if (typeof fps !== 'number') warn(`the metadata's renderFps is ${describe(fps)}, not a number`);
  else if (!(fps > 0)) throw new GymError(`the metadata's renderFps ${fps} is not above 0`);
}

function checkFrame(mode: string, frame: unknown): void {
  if (mode === 'human') {
    if (frame !== undefined) warn(`render() returned ${describe(frame)} in mode "human", where it returns nothing`);
  } else if (mode === 'ansi') {
    if (typeof frame !== 'string') warn(`render() returned ${describe(frame)} in mode "ansi", where it returns text`);
  } else if (mode === 'rgb_array') {
    const { data, height, width } = (frame ?? {}) as { data?: unknown; height?: number; width?: number };
    if (!(data instanceof Uint8Array) || data.length !== (height ?? NaN) * (width ?? NaN) * 3) {
      warn('render() returned no { data, height, width } with data a Uint8Array of height * width * 3');
    }
  } else if (mode.endsWith('_list')) {
    if (!Array.isArray(frame)) warn(`render() returned ${describe(frame)} in mode "${mode}", where it returns a list`);
    else for (const one of frame) checkFrame(mode.slice(0, -'_list'.length), one);
  }
}
