import type { Env } from '../env.ts';
import { RewardWrapper } from './reward-wrapper.ts';

export interface ClipRewardOptions {
  /** Default: no lower bound. */
  minReward?: number | undefined;
  /** Default: no upper bound. */
  maxReward?: number | undefined;
}

/** Keeps rewards within bounds (gymnasium.wrappers.ClipReward). */
export class ClipReward<Observation, Action> extends RewardWrapper<Observation, Action> {
  static override readonly entryPoint: string = 'gym-js:ClipReward';
  readonly minReward: number;
  readonly maxReward: number;

  /** Throws RangeError without any bound, or where the lower one is above the upper. */
  constructor(env: Env<Observation, Action>, { minReward, maxReward }: ClipRewardOptions) {
    super(env, { minReward, maxReward });
    if (minReward === undefined && maxReward === undefined) {
      throw new RangeError('ClipReward: give minReward, maxReward or both');
    }
    this.minReward = minReward ?? -Infinity;
    this.maxReward = maxReward ?? Infinity;
    if (!(this.minReward <= this.maxReward)) {
      throw new RangeError(`ClipReward: minReward ${minReward} is not below or equal to maxReward ${maxReward}`);
    }
  }

  override reward(reward: number): number {
    return Math.min(this.maxReward, Math.max(this.minReward, reward));
  }
}
