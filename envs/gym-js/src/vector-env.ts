import type { Info } from './env.ts';
import type { Space } from './spaces/space.ts';

export interface VectorResetOptions {
  /** One seed, from which environment i gets seed + i, or one seed per environment. */
  seed?: number | readonly number[];
  options?: Record<string, unknown>;
}

export interface VectorResetResult<Observations> {
  /** All environments' observations, stacked along a first axis of length numEnvs. */
  observations: Observations;
  infos: Info;
}

export interface VectorStepResult<Observations> {
  observations: Observations;
  /** (numEnvs) */
  rewards: Float64Array;
  /** (numEnvs): 1 where the episode ended by the task's own rules. */
  terminations: Uint8Array;
  /** (numEnvs): 1 where the episode was cut off. */
  truncations: Uint8Array;
  infos: Info;
}

/**
 * Several copies of one environment that step together (gymnasium.vector.VectorEnv);
 * asynchronous, for they may be in workers.
 */
export interface VectorEnv<Observation, Action, Observations, Actions> {
  readonly numEnvs: number;
  readonly singleObservationSpace: Space<Observation>;
  readonly singleActionSpace: Space<Action>;
  readonly observationSpace: Space<Observations>;
  readonly actionSpace: Space<Actions>;
  reset(options?: VectorResetOptions): Promise<VectorResetResult<Observations>>;
  step(actions: Actions): Promise<VectorStepResult<Observations>>;
  close(): Promise<void>;
}
