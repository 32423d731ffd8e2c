import type { Space } from './spaces/space.ts';

/** Whatever else an environment tells; by name. */
export type Info = Record<string, unknown>;

export interface ResetOptions {
  /** Restarts the environment's own randomness; without it the randomness goes on where it was. */
  seed?: number;
  /** What this one environment understands. */
  options?: Record<string, unknown>;
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

/**
 * One environment (gymnasium.Env). `reset` begins an episode; `step` may be called until `terminated` or `truncated`,
 * then `reset` must come first.
 */
export interface Env<Observation, Action> {
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  reset(options?: ResetOptions): ResetResult<Observation>;
  /** Throws RangeError for an action outside the action space, Error where `reset` must come first. */
  step(action: Action): StepResult<Observation>;
  /** Frees what the environment holds; it may be called twice, nothing else may be called after it. */
  close(): void;
}
