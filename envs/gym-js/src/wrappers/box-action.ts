import type { AnyEnv } from '../env.ts';
import { Box } from '../spaces/box.ts';

/** Actions that are arrays of real numbers. */
export type RealArray = Float32Array | Float64Array;
export type RealBox = Box<'float32'> | Box<'float64'>;

/** The action space of an environment whose actions are real numbers. Throws TypeError for any other. */
export function realActionSpace(wrapper: string, env: AnyEnv): RealBox {
  const space: unknown = env.actionSpace;
  if (space instanceof Box && (space.dtype === 'float32' || space.dtype === 'float64')) return space as RealBox;
  throw new TypeError(`${wrapper}: the action space is not a Box of float32 or float64`);
}
