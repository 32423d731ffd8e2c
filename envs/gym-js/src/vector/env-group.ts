import type { AnyEnv, Env, Info, RenderResult, ResetResult } from '../env.ts';
import { EnvironmentFailed } from '../errors.ts';
import type { AutoresetMode } from '../vector-env.ts';
import { Wrapper } from '../wrappers/wrapper.ts';

/** What one environment told in one step or reset. */
export interface EnvResult {
  observation: unknown;
  reward: number;
  terminated: boolean;
  truncated: boolean;
  info: Info;
  /** Mode sameStep: the last of the episode that ended with this step. */
  final?: { observation: unknown; info: Info };
}

/** Called before an environment begins to work, with its number. */
export type BeforeEnv = (env: number) => void;

/**
 * Some of the environments of a vector, `first` and those that follow, with what autoreset has to remember of each. All
 * errors are EnvironmentFailed and name the environment by its number in the vector.
 */
export class EnvGroup {
  private readonly envs: readonly AnyEnv[];
  private readonly first: number;
  private readonly mode: AutoresetMode;
  private readonly before: BeforeEnv;
  /** Per environment: its episode has ended. */
  private readonly ended: boolean[];

  constructor(envs: readonly AnyEnv[], first: number, mode: AutoresetMode, before: BeforeEnv = () => {}) {
    this.envs = envs;
    this.first = first;
    this.mode = mode;
    this.before = before;
    this.ended = envs.map(() => false);
  }

  /** Resets the environments marked in `mask`, all without one; undefined for those left alone. */
  reset(
    seeds: readonly (number | undefined)[],
    options: Info | undefined,
    mask: readonly boolean[] | undefined,
  ): (EnvResult | undefined)[] {
    return this.each((env, i) => {
      if (mask && !mask[i]) return undefined;
      this.ended[i] = false;
      return { ...env.reset({ seed: seeds[i], options }), reward: 0, terminated: false, truncated: false };
    });
  }

  step(actions: readonly unknown[]): EnvResult[] {
    if (this.mode === 'disabled') {
      const i = this.ended.indexOf(true);
      if (i >= 0) throw new EnvironmentFailed(this.first + i, 'its episode is over; reset it with options.resetMask');
    }
    return this.each((env, i) => {
      if (this.mode === 'nextStep' && this.ended[i]) {
        this.ended[i] = false;
        return { ...env.reset(), reward: 0, terminated: false, truncated: false };
      }
      const result = (env as Env<unknown, unknown>).step(actions[i]);
      const ended = result.terminated || result.truncated;
      if (!ended) return result;
      if (this.mode !== 'sameStep') {
        this.ended[i] = true;
        return result;
      }
      const { observation, info } = result;
      return { ...result, ...(env.reset() as ResetResult<unknown>), final: { observation, info } };
    });
  }

  render(): RenderResult[] {
    return this.each((env) => env.render?.());
  }

  /** Each environment's attribute `name`, or what it returns where it is a function. Wrappers are asked first. */
  call(name: string, args: readonly unknown[]): unknown[] {
    return this.each((env) => {
      let owner = env;
      while (!(name in owner) && owner instanceof Wrapper) owner = owner.env as AnyEnv;
      const value: unknown = Reflect.get(owner, name);
      if (value === undefined && !(name in owner)) throw new TypeError(`it has no "${name}"`);
      return typeof value === 'function' ? (Reflect.apply(value, owner, args) as unknown) : value;
    });
  }

  close(): void {
    for (const env of this.envs) env.close();
  }

  private each<T>(work: (env: AnyEnv, i: number) => T): T[] {
    return this.envs.map((env, i) => {
      this.before(this.first + i);
      try {
        return work(env, i);
      } catch (error) {
        throw EnvironmentFailed.from(this.first + i, error);
      }
    });
  }
}
