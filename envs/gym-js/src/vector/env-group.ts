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

/** What came of a piece of work that each environment was given. */
export interface Outcome<T> {
  /** One per environment; undefined of those that failed or were left alone. */
  results: (T | undefined)[];
  /** The failure of the first that failed; the others did their work all the same. */
  failed: EnvironmentFailed | undefined;
}

/** Called before an environment begins to work, with its number. */
export type BeforeEnv = (env: number) => void;

/**
 * Some of the environments of a vector, `first` and those that follow, with what autoreset has to remember of each. All
 * errors are EnvironmentFailed and name the environment by its number in the vector; they come when every environment
 * has had its turn, so that nothing depends on which are in one group.
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

  /** Resets the environments marked in `mask`, all without one. */
  reset(
    seeds: readonly (number | undefined)[],
    options: Info | undefined,
    mask: readonly boolean[] | undefined,
  ): Outcome<EnvResult> {
    return this.each((env, i) => {
      if (mask && !mask[i]) return undefined;
      return this.begin(i, env.reset({ seed: seeds[i], options }));
    });
  }

  step(actions: readonly unknown[]): Outcome<EnvResult> {
    return this.each((env, i) => {
      if (this.mode === 'nextStep' && this.ended[i]) return this.begin(i, env.reset());
      const result = (env as Env<unknown, unknown>).step(actions[i]);
      this.ended[i] = result.terminated || result.truncated;
      if (!this.ended[i] || this.mode !== 'sameStep') return result;
      const { observation, info } = result;
      return { ...result, ...(env.reset() as ResetResult<unknown>), final: { observation, info } };
    });
  }

  render(): RenderResult[] {
    return this.all((env) => env.render?.());
  }

  /** Each environment's attribute `name`, or what it returns where it is a function. Wrappers are asked first. */
  call(name: string, args: readonly unknown[]): unknown[] {
    return this.all((env) => {
      let owner = env;
      while (!(name in owner) && owner instanceof Wrapper) owner = owner.env as AnyEnv;
      const value: unknown = Reflect.get(owner, name);
      if (value === undefined && !(name in owner)) throw new TypeError(`it has no "${name}"`);
      return typeof value === 'function' ? (Reflect.apply(value, owner, args) as unknown) : value;
    });
  }

  close(): void {
    this.all((env) => env.close());
  }

  private begin(i: number, result: ResetResult<unknown>): EnvResult {
    this.ended[i] = false;
    return { ...result, reward: 0, terminated: false, truncated: false };
  }

  private all<T>(work: (env: AnyEnv, i: number) => T): T[] {
    const { results, failed } = this.each(work);
    if (failed) throw failed;
    return results as T[];
  }

  private each<T>(work: (env: AnyEnv, i: number) => T | undefined): Outcome<T> {
    let failed: EnvironmentFailed | undefined;
    const results = this.envs.map((env, i) => {
      this.before(this.first + i);
      try {
        return work(env, i);
      } catch (error) {
        failed ??= EnvironmentFailed.from(this.first + i, error);
        return undefined;
      }
    });
    return { results, failed };
  }
}
