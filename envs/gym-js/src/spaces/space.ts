import { SeededRandom } from '../random.ts';

/** The set of values that an observation or an action may take (gymnasium.spaces.Space). */
export abstract class Space<T> {
  /** Used by `sample`; begins at seed 0 until `seed` is called. */
  protected random = new SeededRandom(0);

  /** Shape of one element, [] for a scalar. */
  abstract readonly shape: readonly number[];

  /** A random element, drawn from this space's own generator. */
  abstract sample(): T;

  /** Whether `value` is an element. */
  abstract contains(value: unknown): value is T;

  /** Restarts the generator behind `sample`. Throws RangeError unless `seed` is a whole number of 0..2^53-1. */
  seed(seed: number): void {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`seed ${seed} is not a whole number from 0 to 2^53 - 1`);
    }
    this.random = new SeededRandom(seed);
  }
}
