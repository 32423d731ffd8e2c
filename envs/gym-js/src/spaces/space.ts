import type { Generator } from '../seeding/generator.ts';
import { npRandom } from '../seeding/np-random.ts';
import type { Seed } from '../seeding/seed-sequence.ts';

/** A seed, or for a space made of spaces one for each of them. */
export type SpaceSeed = Seed | readonly SpaceSeed[] | { readonly [key: string]: SpaceSeed };

/** What restricts a sample; what it looks like is each space's own. At most one of the two may be given. */
export interface SampleOptions<Mask = unknown, Probability = Mask> {
  mask?: Mask | undefined;
  probability?: Probability | undefined;
}

/** What the elements of a space are. */
export type Element<S> = S extends Space<infer T> ? T : never;

/** The set of values that an observation or an action may take (gymnasium.spaces.Space). */
export abstract class Space<T> {
  /** Shape of one element, [] for a scalar; null where elements are no arrays of one shape. */
  abstract readonly shape: readonly number[] | null;
  private generator: Generator | undefined;

  /** The generator behind `sample`; until `seed` is called, one from a seed of the platform's entropy. */
  get npRandom(): Generator {
    return (this.generator ??= npRandom().random);
  }

  set npRandom(generator: Generator) {
    this.generator = generator;
  }

  /** A random element, for the same seed the same as Gymnasium's. Throws RangeError for a mask that does not fit. */
  abstract sample(options?: SampleOptions): T;

  /** Whether `value` is an element. */
  abstract contains(value: unknown): value is T;

  /** Whether `other` is the same set. */
  abstract equals(other: unknown): boolean;

  /** As Python prints it. */
  abstract toString(): string;

  /**
   * Restarts the generator behind `sample`; without a seed from a new one. Returns the seeds in use.
   * Throws RangeError for what is no whole number from 0 on.
   */
  seed(seed?: SpaceSeed): SpaceSeed {
    if (typeof seed === 'object')
      throw new RangeError(`${this.toString()} takes one seed, not ${JSON.stringify(seed)}`);
    const seeded = typeof seed === 'bigint' ? npRandom(seed) : npRandom(seed);
    this.generator = seeded.random;
    return seeded.seed;
  }
}
