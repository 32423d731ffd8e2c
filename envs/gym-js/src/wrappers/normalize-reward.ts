import type { Env, StepResult } from '../env.ts';
import { RunningMeanStd } from './running-mean-std.ts';
import { Wrapper } from './wrapper.ts';

export interface NormalizeRewardOptions {
  /** Discount of the return whose variance is taken, 0..1; default 0.99. */
  gamma?: number;
  /** Added to the variance, above 0; default 1e-8. */
  epsilon?: number;
}

/**
 * Divides rewards by the running standard deviation of the discounted return (gymnasium.wrappers.NormalizeReward). The
 * mean is not subtracted.
 */
export class NormalizeReward<Observation, Action> extends Wrapper<Observation, Action> {
  static override readonly entryPoint: string = 'gym-js:NormalizeReward';
  readonly gamma: number;
  readonly epsilon: number;
  readonly returnRms = new RunningMeanStd(1, 'float64');
  /** Whether steps still move the statistics; put false there to evaluate. */
  updateRunningMean = true;
  discountedReward = 0;

  /** Throws RangeError for a number out of range. */
  constructor(env: Env<Observation, Action>, { gamma = 0.99, epsilon = 1e-8 }: NormalizeRewardOptions = {}) {
    super(env, { gamma, epsilon });
    if (!(gamma >= 0 && gamma <= 1)) throw new RangeError(`NormalizeReward: gamma ${gamma} is not from 0 to 1`);
    if (!(epsilon > 0)) throw new RangeError(`NormalizeReward: epsilon ${epsilon} is not above 0`);
    this.gamma = gamma;
    this.epsilon = epsilon;
  }

  override step(action: Action): StepResult<Observation> {
    const result = this.env.step(action);
    const { reward, terminated } = result;
    // As Gymnasium has it: the last reward of an episode begins the next return, and a truncated one goes on.
    this.discountedReward = this.discountedReward * this.gamma * (terminated ? 0 : 1) + reward;
    if (this.updateRunningMean) this.returnRms.update([this.discountedReward]);
    return { ...result, reward: reward / Math.sqrt((this.returnRms.variance[0] ?? 1) + this.epsilon) };
  }
}
