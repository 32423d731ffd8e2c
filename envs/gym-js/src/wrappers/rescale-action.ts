import type { Env } from '../env.ts';
import { Box } from '../spaces/box.ts';
import { type RealArray, type RealBox, realActionSpace } from './box-action.ts';
import { TransformAction } from './transform-action.ts';

export interface RescaleActionOptions {
  /** Smallest action of the wrapper: one for all elements or one each. */
  minAction: number | ArrayLike<number>;
  /** Largest action of the wrapper. */
  maxAction: number | ArrayLike<number>;
}

/** Stretches actions from `minAction..maxAction` to the environment's bounds (gymnasium.wrappers.RescaleAction). */
export class RescaleAction<Observation, Action extends RealArray> extends TransformAction<Observation, Action> {
  static override readonly entryPoint: string = 'gym-js:RescaleAction';

  /**
   * Throws TypeError unless actions are arrays of real numbers; RangeError where `minAction` is not below `maxAction`,
   * or where one end is infinite and the environment's is not.
   */
  constructor(env: Env<Observation, Action>, { minAction, maxAction }: RescaleActionOptions) {
    const box = realActionSpace('RescaleAction', env);
    const { shape, dtype } = box;
    const rescaled = new Box({ low: minAction, high: maxAction, shape, dtype });
    // As in Gymnasium, in the precision of the actions.
    const round = dtype === 'float32' ? Math.fround : (value: number): number => value;
    const lines = Array.from({ length: box.size }, (_, i) => line(box, rescaled as RealBox, i, round));
    const func = (action: Action): Action =>
      action.map((value, i) => {
        const { gradient, intercept } = lines[i] ?? { gradient: 1, intercept: 0 };
        return round(value - intercept) / gradient;
      }) as Action;
    super(env, { func, actionSpace: rescaled as never }, { minAction, maxAction });
  }
}

interface Line {
  gradient: number;
  intercept: number;
}

/** rescaled = gradient * original + intercept, for element i. */
function line(original: RealBox, rescaled: RealBox, i: number, round: (value: number) => number): Line {
  const [low, high] = [round(original.low(i)), round(original.high(i))];
  const [min, max] = [rescaled.low(i), rescaled.high(i)];
  for (const [end, to, from] of [
    ['minAction', min, low],
    ['maxAction', max, high],
  ] as const) {
    if (to !== from && !(Number.isFinite(to) && Number.isFinite(from))) {
      throw new RangeError(`RescaleAction: ${end} ${to} of element ${i} cannot be stretched to the bound ${from}`);
    }
  }
  if (!(min < max)) throw new RangeError(`RescaleAction: minAction ${min} of element ${i} is not below ${max}`);
  if (Number.isFinite(min) && Number.isFinite(max)) {
    const gradient = round((max - min) / (high - low));
    return { gradient, intercept: round(round(gradient * -low) + min) };
  }
  const shift = Number.isFinite(min) ? min - low : Number.isFinite(max) ? max - high : 0;
  return { gradient: 1, intercept: round(shift) };
}
