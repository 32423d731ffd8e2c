import type * as tf from '@tensorflow/tfjs';
import type { Nested } from './rim-file.ts';

/** How far a tensor is from what was expected. */
export interface Closeness {
  /** Largest difference, as a share of the largest magnitude expected (or of the terms'); NaN where a number is. */
  readonly worst: number;
  /** In words; undefined where it is close enough. */
  readonly difference: string | undefined;
}

/**
 * Compares a tensor with what is expected: the largest difference must be at most `tolerance` times the largest
 * magnitude expected. That is relative to the tensor, not to each element, because a sum that cancels to almost nothing
 * has the rounding error of its terms. A tensor that is nearly zero throughout is held to `tolerance` times 1e-3.
 * @param terms size of the terms that a lone sum is made of, where it may be larger than the sum
 */
export function closeness(
  name: string,
  actual: tf.Tensor,
  expected: ArrayLike<number>,
  tolerance: number,
  terms = 0,
): Closeness {
  const own = actual.dataSync();
  if (own.length !== expected.length)
    return { worst: NaN, difference: `${name}: ${expected.length} values expected, ${own.length} came` };
  let [scale, worst, where] = [Math.max(1e-3, terms), 0, 0];
  own.forEach((value, i) => {
    const wanted = expected[i] as number;
    scale = Math.max(scale, Math.abs(wanted));
    const distance = Math.abs(value - wanted);
    if (distance <= worst || Number.isNaN(worst)) return;
    [worst, where] = [distance, i];
  });
  const close = worst <= tolerance * scale;
  const [wanted, came] = [expected[where] as number, own[where] as number];
  const difference = `${name}: value ${where} is ${came} where ${wanted} was expected, off by ${worst.toPrecision(3)}; \
${(tolerance * scale).toPrecision(3)} is allowed`;
  return { worst: worst / scale, difference: close ? undefined : difference };
}

/** All numbers, in C order. */
export function flat(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flat);
}
