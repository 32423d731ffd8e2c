import type { AnyEnv, Env, RenderResult } from '../env.ts';
import { discard } from '../registry/discard.ts';
import type { AutoresetMode } from '../vector-env.ts';
import { BatchingVectorEnv } from './batching-vector-env.ts';
import { EnvGroup, type EnvResult, type Outcome } from './env-group.ts';
import { requireEnvs, requireMode } from './requirements.ts';
import type { EachReset } from './reset-options.ts';

export interface SyncVectorEnvOptions {
  /** Default `nextStep`. */
  autoresetMode?: AutoresetMode;
}

/** Environments that step one after the other in this thread (gymnasium.vector.SyncVectorEnv). */
export class SyncVectorEnv<Observation, Action> extends BatchingVectorEnv<Observation, Action> {
  /** The environments themselves. */
  readonly envs: readonly Env<Observation, Action>[];
  private readonly group: EnvGroup;

  /** `creators` make one environment each. Throws RangeError where there is none, or their spaces differ. */
  constructor(creators: readonly (() => Env<Observation, Action>)[], options: SyncVectorEnvOptions = {}) {
    const autoresetMode = requireMode(options.autoresetMode ?? 'nextStep');
    const { envs, first } = allOf(creators);
    super(first, envs.length, autoresetMode);
    this.envs = envs;
    this.group = new EnvGroup(envs, 0, autoresetMode);
  }

  /** Of environments whose making takes a while, as `make` does. */
  static async create<Observation, Action>(
    creators: readonly (() => Env<Observation, Action> | Promise<Env<Observation, Action>>)[],
    options: SyncVectorEnvOptions = {},
  ): Promise<SyncVectorEnv<Observation, Action>> {
    const envs: Env<Observation, Action>[] = [];
    try {
      for (const create of creators) envs.push(await create());
    } catch (error) {
      discard(envs);
      throw error;
    }
    const made = envs.map((env) => () => env);
    return new SyncVectorEnv(made, options);
  }

  protected async resetEnvs({ seeds, options, mask }: EachReset): Promise<Outcome<EnvResult>> {
    return this.group.reset(seeds, options, mask);
  }

  protected async stepEnvs(actions: readonly Action[]): Promise<Outcome<EnvResult>> {
    return this.group.step(actions);
  }

  protected async renderEnvs(): Promise<RenderResult[]> {
    return this.group.render();
  }

  protected async callEnvs(name: string, args: readonly unknown[]): Promise<unknown[]> {
    return this.group.call(name, args);
  }

  protected async closeEnvs(): Promise<void> {
    this.group.close();
  }
}

function allOf<E extends AnyEnv>(creators: readonly (() => E)[]): { envs: E[]; first: E } {
  const envs: E[] = [];
  try {
    for (const create of creators) envs.push(create());
    return { envs, first: requireEnvs(envs) };
  } catch (error) {
    discard(envs);
    throw error;
  }
}
