import type { Env } from '../env.ts';
import type { Space } from '../spaces/space.ts';
import { ActionWrapper } from './action-wrapper.ts';

export interface TransformActionOptions<Action, InnerAction> {
  func: (action: Action) => InnerAction;
  /** The space of what `func` takes; default: the environment's. */
  actionSpace?: Space<Action> | undefined;
}

/** Changes every action by a function (gymnasium.wrappers.TransformAction). */
export class TransformAction<Observation, Action, InnerAction = Action> extends ActionWrapper<
  Observation,
  Action,
  InnerAction
> {
  static override readonly entryPoint: string = 'gym-js:TransformAction';
  private readonly func: (action: Action) => InnerAction;

  /** `kwargs` is what `spec` says instead of the function, of a subclass that has its own. */
  constructor(
    env: Env<Observation, InnerAction>,
    { func, actionSpace }: TransformActionOptions<Action, InnerAction>,
    kwargs: object = { func, actionSpace },
  ) {
    super(env, kwargs);
    this.func = func;
    if (actionSpace) this.actionSpace = actionSpace;
  }

  override action(action: Action): InnerAction {
    return this.func(action);
  }
}
