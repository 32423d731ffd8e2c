import type { Env } from '../env.ts';
import { RewardWrapper } from './reward-wrapper.ts';

/** Changes every reward by a function (gymnasium.wrappers.TransformReward). */
export class TransformReward<Observation, Action> extends RewardWrapper<Observation, Action> {
  static override readonly entryPoint: string = 'gym-js:TransformReward';
  private readonly func: (reward: number) => number;

  constructor(env: Env<Observation, Action>, { func }: { func: (reward: number) => number }) {
    super(env, { func });
    this.func = func;
  }

  override reward(reward: number): number {
    return this.func(reward);
  }
}
