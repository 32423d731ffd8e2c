import type { Env, ResetOptions, ResetResult, StepResult } from '../env.ts';
import { ResetNeeded } from '../errors.ts';
import type { EnvSpec } from '../registry/env-spec.ts';
import { Wrapper } from './wrapper.ts';

/** Truncates an episode after a number of steps (gymnasium.wrappers.TimeLimit). */
export class TimeLimit<Observation, Action> extends Wrapper<Observation, Action> {
  static override readonly entryPoint: string = 'gym-js:TimeLimit';
  readonly maxEpisodeSteps: number;
  /** Steps since the last reset. */
  private elapsed: number | undefined;

  /** Throws RangeError unless `maxEpisodeSteps` is a whole number above 0. */
  constructor(env: Env<Observation, Action>, { maxEpisodeSteps }: { maxEpisodeSteps: number }) {
    super(env, { maxEpisodeSteps });
    if (!Number.isSafeInteger(maxEpisodeSteps) || maxEpisodeSteps <= 0) {
      throw new RangeError(`TimeLimit: maxEpisodeSteps ${maxEpisodeSteps} is not a whole number above 0`);
    }
    this.maxEpisodeSteps = maxEpisodeSteps;
  }

  override reset(options?: ResetOptions): ResetResult<Observation> {
    this.elapsed = 0;
    return this.env.reset(options);
  }

  override step(action: Action): StepResult<Observation> {
    if (this.elapsed === undefined) throw new ResetNeeded('call reset() before step()');
    const result = this.env.step(action);
    this.elapsed += 1;
    return this.elapsed >= this.maxEpisodeSteps ? { ...result, truncated: true } : result;
  }

  protected override extendSpec(inner: EnvSpec): EnvSpec {
    return inner.with({ maxEpisodeSteps: this.maxEpisodeSteps });
  }
}
