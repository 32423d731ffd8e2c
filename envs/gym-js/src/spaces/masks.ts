import type { Generator } from '../seeding/generator.ts';
import type { SampleOptions } from './space.ts';

/** Throws RangeError where both a mask and probabilities are given. */
export function atMostOne({ mask, probability }: SampleOptions, space: string): void {
  if (mask !== undefined && probability !== undefined) {
    throw new RangeError(`${space}: give a mask or probabilities, not both`);
  }
}

/** Throws RangeError unless all of `size` values are among those allowed. */
export function checkMask(mask: ArrayLike<number>, size: number, allowed: readonly number[], space: string): void {
  if (mask.length !== size) throw new RangeError(`${space}: a mask of ${mask.length} values, ${size} are needed`);
  const wrong = Array.from(mask).find((value) => !allowed.includes(value));
  if (wrong !== undefined) throw new RangeError(`${space}: mask value ${wrong} is none of ${allowed.join(', ')}`);
}

/** Throws RangeError unless all of `size` values are in [0, 1]. */
export function checkProbabilities(probability: ArrayLike<number>, size: number, space: string): void {
  if (probability.length !== size) {
    throw new RangeError(`${space}: ${probability.length} probabilities, ${size} are needed`);
  }
  const wrong = Array.from(probability).find((value) => !(value >= 0 && value <= 1));
  if (wrong !== undefined) throw new RangeError(`${space}: probability ${wrong} is not from 0 to 1`);
}

/** Throws RangeError unless the values also add up to 1. */
export function checkDistribution(probability: ArrayLike<number>, size: number, space: string): void {
  checkProbabilities(probability, size, space);
  const sum = Array.from(probability).reduce((total, value) => total + value, 0);
  if (!(Math.abs(sum - 1) <= 1.001e-5)) throw new RangeError(`${space}: the probabilities' sum is ${sum}, not 1`);
}

/** One of the indices that the mask leaves, each as likely as another; 0 where it leaves none, and nothing is drawn. */
export function maskedIndex(random: Generator, mask: ArrayLike<number>): number {
  const left = Array.from(mask, (value, i) => (value === 1 ? i : -1)).filter((i) => i >= 0);
  return left.length === 0 ? 0 : random.choice(left);
}
