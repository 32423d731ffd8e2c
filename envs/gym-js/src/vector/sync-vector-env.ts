import type { Env, RenderResult } from '../env.ts';
import { ClosedEnvironmentError } from '../errors.ts';
import type { EnvSpec } from '../registry/env-spec.ts';
import type { Space } from '../spaces/space.ts';
import type {
  AutoresetMode,
  VectorEnv,
  VectorEnvMetadata,
  VectorResetOptions,
  VectorResetResult,
  VectorStepResult,
} from '../vector-env.ts';
import { type Batch, join, spaceOf, split } from './batch.ts';
import { EnvGroup, type EnvResult } from './env-group.ts';
import { eachReset } from './reset-options.ts';
import { batchResults } from './results.ts';
import { requireEnvs, requireMode } from './requirements.ts';

export interface SyncVectorEnvOptions {
  /** Default `nextStep`. */
  autoresetMode?: AutoresetMode;
}

/** Environments that step one after the other in this thread (gymnasium.vector.SyncVectorEnv). */
export class SyncVectorEnv<Observation, Action> implements VectorEnv<
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
  /** The environments themselves. */
  readonly envs: readonly Env<Observation, Action>[];
  private readonly group: EnvGroup;
  /** (numEnvs) */
  private latest: unknown[];
  private closed = false;

  /** `creators` make one environment each. Throws RangeError where there is none, or their spaces differ. */
  constructor(creators: readonly (() => Env<Observation, Action>)[], options: SyncVectorEnvOptions = {}) {
    const autoresetMode = requireMode(options.autoresetMode ?? 'nextStep');
    this.envs = creators.map((create) => create());
    const first = requireEnvs(this.envs);
    this.numEnvs = this.envs.length;
    this.metadata = { ...first.metadata, autoresetMode };
    this.renderMode = first.renderMode;
    this.singleObservationSpace = first.observationSpace;
    this.singleActionSpace = first.actionSpace;
    this.observationSpace = spaceOf(first.observationSpace, this.numEnvs);
    this.actionSpace = spaceOf(first.actionSpace, this.numEnvs);
    this.group = new EnvGroup(this.envs, 0, autoresetMode);
    this.latest = [];
  }

  /** Of environments whose making takes a while, as `make` does. */
  static async create<Observation, Action>(
    creators: readonly (() => Env<Observation, Action> | Promise<Env<Observation, Action>>)[],
    options: SyncVectorEnvOptions = {},
  ): Promise<SyncVectorEnv<Observation, Action>> {
    const envs: Env<Observation, Action>[] = [];
    try {
      for (const create of creators) envs.push(await create());
      return new SyncVectorEnv(
        envs.map((env) => () => env),
        options,
      );
    } catch (error) {
      for (const env of envs) env.close();
      throw error;
    }
  }

  async reset(options: VectorResetOptions = {}): Promise<VectorResetResult<Batch<Observation>>> {
    this.requireOpen();
    const each = eachReset(options, this.numEnvs);
    const results = this.group.reset(each.seeds, each.options, each.mask);
    return { observations: this.observe(results), infos: batchResults(results).infos };
  }

  async step(actions: Batch<Action>): Promise<VectorStepResult<Batch<Observation>>> {
    this.requireOpen();
    const results = this.group.step(split(this.singleActionSpace, actions, this.numEnvs));
    return { observations: this.observe(results), ...batchResults(results) };
  }

  async render(): Promise<RenderResult[]> {
    this.requireOpen();
    return this.group.render();
  }

  async call(name: string, ...args: unknown[]): Promise<unknown[]> {
    this.requireOpen();
    return this.group.call(name, args);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.group.close();
  }

  /** All observations together; of environments left alone the one before. */
  private observe(results: readonly (EnvResult | undefined)[]): Batch<Observation> {
    this.latest = results.map((result, i) => (result ? result.observation : this.latest[i]));
    return join(this.singleObservationSpace, this.latest as Observation[]);
  }

  private requireOpen(): void {
    if (this.closed) throw new ClosedEnvironmentError('the environments are closed');
  }
}
