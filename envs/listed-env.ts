import type { Env } from 'gym-js';

/** Of an environment that can go on again from any moment of an episode. */
export interface Saveable {
  /** What it is at this moment, as plain JSON. */
  saveState(): object;
  /** Goes on from where the environment of the same class and options was that saved `state`. */
  restoreState(state: object): void;
}

export interface SaveableEnv<Observation, Action> extends Env<Observation, Action>, Saveable {}

/** A small environment by its name: what gym-js's registry, a list and a trainer need to know of it. */
export interface ListedEnv {
  /** As gym-js's registry has it, such as `popgym-RepeatPreviousEasy-v0`. */
  readonly id: string;
  /** As it stands in results, such as `RepeatPreviousEasy`. */
  readonly name: string;
  /** What there is to do, in a few words. */
  readonly summary: string;
  readonly entryPoint: new (options: never) => SaveableEnv<unknown, unknown>;
  /** The options with which it is made. */
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** Steps after which an episode is cut, where the environment does not do that itself. */
  readonly maxEpisodeSteps?: number;
  /** The mean return from which on it counts as solved. */
  readonly rewardThreshold?: number;
}
