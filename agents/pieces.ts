import * as tf from '@tensorflow/tfjs';

/**
 * As tf.split, whose gradient fails where there is but one piece.
 * @param sizes along the axis, or how many of one size
 */
export function pieces<T extends tf.Tensor>(x: T, sizes: number | number[], axis = 0): T[] {
  const count = typeof sizes === 'number' ? sizes : sizes.length;
  return count === 1 ? [x] : tf.split(x, sizes, axis);
}
