import type { ResetOptions, ResetResult, StepResult } from '../env.ts';
import { Wrapper } from './wrapper.ts';

/** Changes every observation by one method (gymnasium.ObservationWrapper). */
export abstract class ObservationWrapper<Observation, Action, InnerObservation = Observation> extends Wrapper<
  Observation,
  Action,
  InnerObservation
> {
  override reset(options?: ResetOptions): ResetResult<Observation> {
    const { observation, info } = this.env.reset(options);
    return { observation: this.observation(observation), info };
  }

  override step(action: Action): StepResult<Observation> {
    const result = this.env.step(action);
    return { ...result, observation: this.observation(result.observation) };
  }

  /** What becomes of an observation of the wrapped environment. */
  abstract observation(observation: InnerObservation): Observation;
}
