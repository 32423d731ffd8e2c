import { Space } from './space.ts';

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
    this.n = n;
    this.start = start;
  }

  sample(): number {
    return this.random.integer(this.start, this.start + this.n - 1);
  }

  contains(value: unknown): value is number {
    return Number.isInteger(value) && (value as number) >= this.start && (value as number) < this.start + this.n;
  }
}
