import { atMostOne, checkDistribution, checkMask, maskedIndex } from './masks.ts';
import { type SampleOptions, Space } from './space.ts';

/** The integers start, start + 1, ..., start + n - 1 (gymnasium.spaces.Discrete). */
export class Discrete extends Space<number> {
  readonly shape: readonly number[] = [];
  readonly n: number;
  readonly start: number;

  /** Throws RangeError unless `n` is a positive and `start` any whole number. */
  constructor(n: number, start = 0) {
    super();
    if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`Discrete: n ${n} is not a whole number above 0`);
    if (!Number.isSafeInteger(start)) throw new RangeError(`Discrete: start ${start} is not a whole number`);
    if (start > Number.MAX_SAFE_INTEGER - (n - 1)) throw new RangeError(`Discrete: ${start} + ${n} is above 2^53`);
    this.n = n;
    this.start = start;
  }

  /** `mask` has a 1 for each of the n integers that may come, `probability` the probability of each. */
  sample(options: SampleOptions<ArrayLike<number>> = {}): number {
    const { mask, probability } = options;
    atMostOne(options, 'Discrete');
    if (mask !== undefined) {
      checkMask(mask, this.n, [0, 1], 'Discrete');
      return this.start + maskedIndex(this.npRandom, mask);
    }
    if (probability !== undefined) {
      checkDistribution(probability, this.n, 'Discrete');
      return this.start + this.npRandom.choice(this.n, { p: probability });
    }
    return this.start + this.npRandom.integers(0, this.n);
  }

  contains(value: unknown): value is number {
    return Number.isInteger(value) && (value as number) >= this.start && (value as number) < this.start + this.n;
  }

  equals(other: unknown): boolean {
    return other instanceof Discrete && other.n === this.n && other.start === this.start;
  }

  toString(): string {
    return this.start === 0 ? `Discrete(${this.n})` : `Discrete(${this.n}, start=${this.start})`;
  }
}
