import type { StepResult } from '../env.ts';
import { Wrapper } from './wrapper.ts';

/** Changes every action by one method (gymnasium.ActionWrapper). */
export abstract class ActionWrapper<Observation, Action, InnerAction = Action> extends Wrapper<
  Observation,
  Action,
  Observation,
  InnerAction
> {
  override step(action: Action): StepResult<Observation> {
    return this.env.step(this.action(action));
  }

  /** The action that the wrapped environment gets. */
  abstract action(action: Action): InnerAction;
}
