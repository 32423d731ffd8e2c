import type { StepResult } from '../env.ts';
import { Wrapper } from './wrapper.ts';

/** Changes every reward by one method (gymnasium.RewardWrapper). */
export abstract class RewardWrapper<Observation, Action> extends Wrapper<Observation, Action> {
  override step(action: Action): StepResult<Observation> {
    const result = this.env.step(action);
    return { ...result, reward: this.reward(result.reward) };
  }

  /** What becomes of a reward of the wrapped environment. */
  abstract reward(reward: number): number;
}
