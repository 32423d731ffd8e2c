import type { Env, RenderResult } from '../env.ts';
import { AlreadyPendingCallError, ClosedEnvironmentError, EnvironmentFailed } from '../errors.ts';
import type { EnvSpec } from '../registry/env-spec.ts';
import { createEmptyArray, iterate } from '../spaces/batch.ts';
import type { Space } from '../spaces/space.ts';
import type {
  AutoresetMode,
  VectorEnv,
  VectorEnvMetadata,
  VectorResetOptions,
  VectorResetResult,
  VectorStepResult,
} from '../vector-env.ts';
import type { EnvResult, Outcome } from './env-group.ts';
import { type Batch, join, spaceOf, split } from './joined-elements.ts';
import { type EachReset, eachReset } from './reset-options.ts';
import { batchResults, type StepBatch } from './results.ts';

/**
 * What vectors of single environments have in common: actions are split, results are joined. A subclass says where the
 * environments are.
 *
 * A call that rejects with EnvironmentFailed names the first environment that failed. All others have done what they
 * were asked, though what they told is lost. Where the failed one stands only its author knows: reset it with
 * `options.resetMask`, which repeats the others' newest observations, or reset all.
 */
export abstract class BatchingVectorEnv<Observation, Action> implements VectorEnv<
  Observation,
  Action,
  Batch<Observation>,
  Batch<Action>
> {
  readonly numEnvs: number;
  readonly metadata: VectorEnvMetadata;
  readonly renderMode: string | undefined;
  spec: EnvSpec | undefined;
  readonly singleObservationSpace: Space<Observation>;
  readonly singleActionSpace: Space<Action>;
  readonly observationSpace: Space<Batch<Observation>>;
  readonly actionSpace: Space<Batch<Action>>;
  /** (numEnvs): the newest observation of each; before the first, zeros. */
  private latest: readonly unknown[];
  /** (numEnvs): whether its episode is over. */
  private over: readonly boolean[];
  /** The call under way. */
  private pending: string | undefined;
  private closed = false;

  /** Of `numEnvs` environments like `model`. */
  protected constructor(model: Env<Observation, Action>, numEnvs: number, autoresetMode: AutoresetMode) {
    this.numEnvs = numEnvs;
    this.metadata = { ...model.metadata, autoresetMode };
    this.renderMode = model.renderMode;
    this.singleObservationSpace = model.observationSpace;
    this.singleActionSpace = model.actionSpace;
    this.observationSpace = spaceOf(model.observationSpace, numEnvs);
    this.actionSpace = spaceOf(model.actionSpace, numEnvs);
    this.latest = [...iterate(model.observationSpace, createEmptyArray(model.observationSpace, numEnvs))];
    this.over = this.latest.map(() => false);
  }

  async reset(options: VectorResetOptions = {}): Promise<VectorResetResult<Batch<Observation>>> {
    return this.alone('reset', async () => {
      const { observations, infos } = this.batch(await this.resetEnvs(eachReset(options, this.numEnvs)));
      return { observations, infos };
    });
  }

  async step(actions: Batch<Action>): Promise<VectorStepResult<Batch<Observation>>> {
    return this.alone('step', async () => {
      const ended = this.metadata.autoresetMode === 'disabled' ? this.over.indexOf(true) : -1;
      if (ended >= 0) throw new EnvironmentFailed(ended, 'its episode is over; reset it with options.resetMask');
      return this.batch(await this.stepEnvs(split(this.singleActionSpace, actions, this.numEnvs)));
    });
  }

  async render(): Promise<RenderResult[]> {
    return this.alone('render', () => this.renderEnvs());
  }

  async call(name: string, ...args: unknown[]): Promise<unknown[]> {
    return this.alone('call', () => this.callEnvs(name, args));
  }

  /**
   * Closes all environments, then throws EnvironmentFailed for the first that could not be closed. A call under way
   * rejects with ClosedEnvironmentError.
   */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.closeEnvs();
  }

  protected abstract resetEnvs(each: EachReset): Promise<Outcome<EnvResult>>;
  /** `actions` (numEnvs) */
  protected abstract stepEnvs(actions: readonly Action[]): Promise<Outcome<EnvResult>>;
  protected abstract renderEnvs(): Promise<RenderResult[]>;
  protected abstract callEnvs(name: string, args: readonly unknown[]): Promise<unknown[]>;
  /** All of them, though some throw. */
  protected abstract closeEnvs(): Promise<void>;

  private batch({ results, failed }: Outcome<EnvResult>): StepBatch & { observations: Batch<Observation> } {
    this.latest = results.map((result, i) => (result ? result.observation : this.latest[i]));
    this.over = results.map((result, i) => (result ? result.terminated || result.truncated : this.over[i] === true));
    if (failed) throw failed;
    const observations = join(this.singleObservationSpace, this.latest as Observation[]);
    return { observations, ...batchResults(results) };
  }

  private async alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.closed) throw new ClosedEnvironmentError('the environments are closed');
    if (this.pending) {
      throw new AlreadyPendingCallError(`${name}() while ${this.pending}() is under way; await it first`);
    }
    this.pending = name;
    try {
      return await work();
    } finally {
      this.pending = undefined;
    }
  }
}
