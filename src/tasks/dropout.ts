import * as tf from '@tensorflow/tfjs';

/**
 * Drops a share of all numbers and scales the others to keep the mean (Srivastava et al. 2014). tfjs' own dropout draws
 * from a slow generator one number at a time.
 * @param seed a whole number; the same seed and shape drop the same numbers
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, seed: number): T {
  if (rate === 0) return x;
  const mask = new Float32Array(x.size);
  const [limit, kept] = [rate * 2 ** 32, 1 / (1 - rate)];
  const start = hash(seed | 0);
  for (let i = 0; i < mask.length; i++) mask[i] = hash(i ^ start) < limit ? 0 : kept;
  return tf.mul(x, tf.tensor(mask, x.shape));
}

/** A 32-bit number whose every bit depends on all of the given one's (lowbias32 of Wellons' hash prospector). */
function hash(number: number): number {
  let x = Math.imul(number ^ (number >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
