import { type DtypeArrays, type IntegerDtype, isArray, isDtype, isFloat, limits, zeros } from './dtype.ts';
import { atMostOne, checkDistribution, checkMask, maskedIndex } from './masks.ts';
import { arrayText } from './repr.ts';
import { sameShape, sizeOf } from './shape.ts';
import { type SampleOptions, Space } from './space.ts';

export interface MultiDiscreteOptions<D extends IntegerDtype> {
  /** Smallest value of each element; default 0. */
  start?: ArrayLike<number>;
  /** Default [nvec.length]. */
  shape?: readonly number[];
  /** Default int32. */
  dtype?: D;
}

/**
 * Arrays of one shape, element i one of the integers start[i], ..., start[i] + nvec[i] - 1
 * (gymnasium.spaces.MultiDiscrete); flat, in C order.
 */
export class MultiDiscrete<D extends IntegerDtype = 'int32'> extends Space<DtypeArrays[D]> {
  readonly shape: readonly number[];
  readonly dtype: D;
  /** Number of elements, the product of the shape. */
  readonly size: number;
  /** Number of values of each element. */
  readonly nvec: DtypeArrays[D];
  readonly start: DtypeArrays[D];

  /** Throws RangeError for counts that are no whole numbers above 0, for values outside the type, for other lengths. */
  constructor(nvec: ArrayLike<number>, { start, shape = [nvec.length], dtype }: MultiDiscreteOptions<D> = {}) {
    super();
    this.dtype = dtype ?? ('int32' as D);
    if (!isDtype(this.dtype) || isFloat(this.dtype)) {
      throw new RangeError(`MultiDiscrete: dtype "${String(this.dtype)}" is no integer type`);
    }
    this.shape = [...shape];
    this.size = sizeOf(shape, 'MultiDiscrete');
    this.nvec = zeros(this.dtype, this.size);
    this.start = zeros(this.dtype, this.size);
    for (const [name, given] of Object.entries({ nvec, start })) {
      if (given !== undefined && given.length !== this.size) {
        throw new RangeError(`MultiDiscrete: ${name} has ${given.length} elements, the shape ${this.size}`);
      }
    }
    const [least, most] = limits(this.dtype);
    for (let i = 0; i < this.size; i++) {
      const count = nvec[i] as number;
      const first = start?.[i] ?? 0;
      if (!Number.isInteger(count) || count < 1 || count > most) {
        throw new RangeError(`MultiDiscrete: nvec ${count} is not a whole number from 1 to ${most}, element ${i}`);
      }
      if (!Number.isInteger(first) || first < least || first + count - 1 > most) {
        throw new RangeError(
          `MultiDiscrete: ${first} to ${first + count - 1} does not fit ${this.dtype}, element ${i}`,
        );
      }
      this.nvec[i] = count;
      this.start[i] = first;
    }
  }

  /** One mask or distribution for each element, as Discrete has it, in C order. */
  sample(options: SampleOptions<ArrayLike<ArrayLike<number>>> = {}): DtypeArrays[D] {
    atMostOne(options, 'MultiDiscrete');
    const sample = zeros(this.dtype, this.size);
    const masks = options.mask ?? options.probability;
    if (masks !== undefined && masks.length !== this.size) {
      throw new RangeError(`MultiDiscrete: ${masks.length} masks for ${this.size} elements`);
    }
    for (let i = 0; i < this.size; i++) {
      sample[i] =
        (this.start[i] as number) + this.draw(this.nvec[i] as number, options.mask?.[i], options.probability?.[i]);
    }
    return sample;
  }

  contains(value: unknown): value is DtypeArrays[D] {
    if (!isArray(value, this.dtype, this.size)) return false;
    return value.every(
      (x, i) => x >= (this.start[i] as number) && x - (this.start[i] as number) < (this.nvec[i] as number),
    );
  }

  equals(other: unknown): boolean {
    if (!(other instanceof MultiDiscrete)) return false;
    const { dtype, shape, nvec, start } = other as MultiDiscrete<IntegerDtype>;
    if (dtype !== this.dtype || !sameShape(shape, this.shape)) return false;
    return this.nvec.every((count, i) => nvec[i] === count && start[i] === this.start[i]);
  }

  toString(): string {
    const nvec = arrayText(this.nvec, this.shape, this.dtype);
    if (this.start.every((first) => first === 0)) return `MultiDiscrete(${nvec})`;
    return `MultiDiscrete(${nvec}, start=${arrayText(this.start, this.shape, this.dtype)})`;
  }

  private draw(count: number, mask?: ArrayLike<number>, probability?: ArrayLike<number>): number {
    if (mask !== undefined) {
      checkMask(mask, count, [0, 1], 'MultiDiscrete');
      return maskedIndex(this.npRandom, mask);
    }
    if (probability !== undefined) {
      checkDistribution(probability, count, 'MultiDiscrete');
      const sum = Array.from(probability).reduce((total, value) => total + value, 0);
      return this.npRandom.choice(count, { p: Array.from(probability, (value) => value / sum) });
    }
    return Math.floor(this.npRandom.random() * count);
  }
}
