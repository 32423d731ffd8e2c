import type { Env } from '../env.ts';
import { Box } from '../spaces/box.ts';
import { type RealArray, realActionSpace } from './box-action.ts';
import { TransformAction } from './transform-action.ts';

/**
 * Brings actions of any size within the environment's bounds (gymnasium.wrappers.ClipAction); the wrapper's own action
 * space has none.
 */
export class ClipAction<Observation, Action extends RealArray> extends TransformAction<Observation, Action> {
  static override readonly entryPoint: string = 'gym-js:ClipAction';

  /** Throws TypeError unless actions are arrays of real numbers. */
  constructor(env: Env<Observation, Action>) {
    const box = realActionSpace('ClipAction', env);
    const clip = (value: number, i: number): number => Math.min(box.high(i), Math.max(box.low(i), value));
    const { shape, dtype } = box;
    const actionSpace = new Box({ low: -Infinity, high: Infinity, shape, dtype }) as never;
    super(env, { func: (action) => action.map(clip) as Action, actionSpace }, {});
  }
}
