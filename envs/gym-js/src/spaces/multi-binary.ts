import { atMostOne, checkMask, checkProbabilities } from './masks.ts';
import { pythonTuple } from './repr.ts';
import { sameShape, sizeOf } from './shape.ts';
import { type SampleOptions, Space } from './space.ts';

/** Arrays of one shape whose elements are 0 or 1 (gymnasium.spaces.MultiBinary); flat, in C order. */
export class MultiBinary extends Space<Int8Array> {
  readonly shape: readonly number[];
  readonly dtype = 'int8';
  /** Number of elements, the product of the shape. */
  readonly size: number;
  /** The shape as it was given: a number of elements, or several extents. */
  readonly n: number | readonly number[];

  /** Throws RangeError for extents that are no whole numbers above 0. */
  constructor(n: number | readonly number[]) {
    super();
    this.n = typeof n === 'number' ? n : [...n];
    this.shape = typeof n === 'number' ? [n] : [...n];
    this.size = sizeOf(this.shape, 'MultiBinary');
    if (this.size === 0) throw new RangeError(`MultiBinary: shape [${this.shape.join(', ')}] has no elements`);
  }

  /** `mask` has for each element 0 or 1, which fixes it, or 2; `probability` the probability that it is 1. */
  sample(options: SampleOptions<ArrayLike<number>> = {}): Int8Array {
    const { mask, probability } = options;
    atMostOne(options, 'MultiBinary');
    if (probability !== undefined) {
      checkProbabilities(probability, this.size, 'MultiBinary');
      return Int8Array.from(this.npRandom.random(this.size), (draw, i) => (draw <= (probability[i] as number) ? 1 : 0));
    }
    if (mask !== undefined) checkMask(mask, this.size, [0, 1, 2], 'MultiBinary');
    const bits = this.npRandom.integers(0, 2, { size: this.size, dtype: 'int8' });
    return Int8Array.from(bits, (bit, i) => (mask === undefined || mask[i] === 2 ? bit : (mask[i] as number)));
  }

  contains(value: unknown): value is Int8Array {
    return value instanceof Int8Array && value.length === this.size && value.every((bit) => bit === 0 || bit === 1);
  }

  equals(other: unknown): boolean {
    return other instanceof MultiBinary && sameShape(other.shape, this.shape);
  }

  toString(): string {
    return `MultiBinary(${typeof this.n === 'number' ? this.n : pythonTuple(this.n)})`;
  }
}
