import type { EnvSpec } from './registry/env-spec.ts';
import type { Space } from './spaces/space.ts';

/** Whatever else an environment tells; by name. */
export type Info = Record<string, unknown>;

export interface ResetOptions {
  /** Restarts the environment's own randomness; without it the randomness goes on where it was. */
  seed?: number | undefined;
  /** What this one environment understands. */
  options?: Record<string, unknown> | undefined;
}

export interface ResetResult<Observation> {
  observation: Observation;
  info: Info;
}

export interface StepResult<Observation> {
  observation: Observation;
  reward: number;
  /** The episode ended by the task's own rules: nothing follows, the value of what follows is 0. */
  terminated: boolean;
  /** The episode was cut off (time limit): something would have followed, its value is not 0. */
  truncated: boolean;
  info: Info;
}

/** A picture of an environment, as render mode `rgb_array` gives it. */
export interface RenderFrame {
  /** (height, width, 3), red, green and blue of 0..255, rows from the top. */
  data: Uint8Array;
  height: number;
  width: number;
}

/** A frame of mode `rgb_array`, text of `ansi`, nothing of `human`; lists of them for the modes that end in `_list`. */
export type RenderResult = RenderFrame | string | undefined | (RenderFrame | string)[];

export interface EnvMetadata {
  /** The values that `renderMode` may have: Gymnasium's `human`, `rgb_array`, `ansi`, or others. */
  renderModes?: readonly string[];
  /** Frames per second at which steps look natural. */
  renderFps?: number;
  [name: string]: unknown;
}

/**
 * One environment (gymnasium.Env). `reset` begins an episode; `step` may be called until `terminated` or `truncated`,
 * then `reset` must come first. Any object with these members is an environment; those with a question mark are for
 * environments that render, and for what `make` sets.
 */
export interface Env<Observation, Action> {
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  readonly metadata?: EnvMetadata;
  /** How `render` shows the environment; it is chosen when the environment is made. */
  readonly renderMode?: string | undefined;
  /** How the environment was made; `make` sets it. */
  readonly spec?: EnvSpec | undefined;
  reset(options?: ResetOptions): ResetResult<Observation>;
  /** Throws RangeError for an action outside the action space, Error where `reset` must come first. */
  step(action: Action): StepResult<Observation>;
  /** The environment as it is now, in the form that `renderMode` says. */
  render?(): RenderResult;
  /** Frees what the environment holds; it may be called twice, nothing else may be called after it. */
  close(): void;
}

/** An environment of whatever observations and actions. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyEnv = Env<any, any>;
