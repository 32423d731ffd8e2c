import * as tf from '@tensorflow/tfjs';
import { dropoutFactors } from '../../agents/kernels/dropout.ts';

/**
 * Drops a share of what goes into a core (`input`) or comes out of it (`hidden`), and scales the rest to keep the mean
 * (Srivastava et al. 2014). tfjs' own dropout draws from a slow generator one number at a time.
 * @param seed 32 bits: the same seed, site and shape drop the same numbers; nothing is dropped without it
 */
export function dropout<T extends tf.Tensor>(
  x: T,
  rate: number,
  seed: number | undefined,
  site: 'input' | 'hidden',
): T {
  if (rate === 0 || seed === undefined) return x;
  return tf.mul(x, tf.tensor(dropoutFactors({ rate, seed }, site, 0, x.size), x.shape));
}
