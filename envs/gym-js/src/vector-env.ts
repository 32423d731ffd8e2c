import type { EnvMetadata, Info, RenderResult } from './env.ts';
import type { EnvSpec } from './registry/env-spec.ts';
import type { Space } from './spaces/space.ts';

/**
 * What happens to an environment whose episode ended (gymnasium.vector.AutoresetMode).
 *
 * - `nextStep`: the step after the last one ignores its action and resets: it gives the first observation of the next
 *   episode, reward 0 and neither end mark.
 * - `sameStep`: the last step itself resets: its observation is the first of the next episode, and the ended one's last
 *   are in `infos.finalObservation[i]` and `infos.finalInfo`.
 * - `disabled`: nothing; the caller resets it with `options.resetMask` before the next step.
 */
export type AutoresetMode = 'nextStep' | 'sameStep' | 'disabled';

export interface VectorEnvMetadata extends EnvMetadata {
  autoresetMode: AutoresetMode;
}

export interface VectorResetOptions {
  /** One seed, from which environment i gets seed + i, or one seed (or none) per environment. */
  seed?: number | readonly (number | undefined)[] | undefined;
  /**
   * For the environments, but `resetMask` (numEnvs): only the environments marked 1 (or true) are reset, the others'
   * observations are repeated.
   */
  options?: ({ resetMask?: ArrayLike<number | boolean> } & Record<string, unknown>) | undefined;
}

/**
 * All environments' infos by name, each beside its mask: `infos._name[i]` is 1 where environment i told `name`.
 * Numbers are batched to Float64Array (numEnvs), booleans to Uint8Array (numEnvs), typed arrays to one of the same type
 * (numEnvs, length), objects to objects of these; everything else to an array with null where nothing was told.
 */
export type VectorInfo = Info;

export interface VectorResetResult<Observations> {
  /** All environments' observations, stacked along a first axis of length numEnvs. */
  observations: Observations;
  infos: VectorInfo;
}

export interface VectorStepResult<Observations> {
  observations: Observations;
  /** (numEnvs) */
  rewards: Float64Array;
  /** (numEnvs): 1 where the episode ended by the task's own rules. */
  terminations: Uint8Array;
  /** (numEnvs): 1 where the episode was cut off. */
  truncations: Uint8Array;
  infos: VectorInfo;
}

/**
 * Several copies of one environment that step together (gymnasium.vector.VectorEnv);
 * asynchronous, for they may be in workers.
 */
export interface VectorEnv<Observation, Action, Observations, Actions> {
  readonly numEnvs: number;
  readonly metadata: VectorEnvMetadata;
  readonly renderMode?: string | undefined;
  /** How the environments were made; `makeVec` sets it. */
  readonly spec?: EnvSpec | undefined;
  readonly singleObservationSpace: Space<Observation>;
  readonly singleActionSpace: Space<Action>;
  readonly observationSpace: Space<Observations>;
  readonly actionSpace: Space<Actions>;
  reset(options?: VectorResetOptions): Promise<VectorResetResult<Observations>>;
  /** Rejects where an action is outside its space, or an environment fails: the error names the environment. */
  step(actions: Actions): Promise<VectorStepResult<Observations>>;
  /** Every environment as it is now. */
  render?(): Promise<RenderResult[]>;
  /**
   * Each environment's attribute `name`, or what it returns for `args` where it is a function. Wrappers are asked
   * first.
   */
  call?(name: string, ...args: unknown[]): Promise<unknown[]>;
  /** Frees what the environments hold; it may be called twice, nothing else may be called after it. */
  close(): Promise<void>;
}

/** A vector environment of whatever observations and actions. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyVectorEnv = VectorEnv<any, any, any, any>;
