import * as tf from '@tensorflow/tfjs';
import { dropoutFactors } from '../../agents/kernels/dropout.ts';

/**
 * Drops a share of all numbers and scales the others to keep the mean (Srivastava et al. 2014). tfjs' own dropout draws
 * from a slow generator one number at a time.
 * @param seed a whole number; the same seed and shape drop the same numbers
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, seed: number): T {
  return rate === 0 ? x : tf.mul(x, tf.tensor(dropoutFactors({ rate, seed }, 'read', 0, x.size), x.shape));
}
