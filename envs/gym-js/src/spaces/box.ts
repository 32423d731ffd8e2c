import { Space } from './space.ts';

/** Array type of each element type. */
export interface BoxArrays {
  uint8: Uint8Array;
  int32: Int32Array;
  float32: Float32Array;
  float64: Float64Array;
}

const arrays = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array, float64: Float64Array };

/** Smallest and largest value of the integer element types. */
const integerRange = { uint8: [0, 255], int32: [-(2 ** 31), 2 ** 31 - 1] } as const;

export interface BoxOptions<D extends keyof BoxArrays> {
  /** Smallest value, one for all elements or one each; -Infinity for none (float types only). */
  low: number | ArrayLike<number>;
  /** Largest value (included), one for all elements or one each; Infinity for none (float types only). */
  high: number | ArrayLike<number>;
  shape: readonly number[];
  dtype: D;
}

/** Arrays of one shape whose elements lie between bounds (gymnasium.spaces.Box); flat, in C order. */
export class Box<D extends keyof BoxArrays = 'float32'> extends Space<BoxArrays[D]> {
  readonly shape: readonly number[];
  readonly dtype: D;
  /** Number of elements, the product of the shape. */
  readonly size: number;
  private readonly lows: number | ArrayLike<number>;
  private readonly highs: number | ArrayLike<number>;

  /** Throws RangeError if a bound is not a number, above its partner, of the wrong length, or does not fit the type. */
  constructor({ low, high, shape, dtype }: BoxOptions<D>) {
    super();
    this.shape = [...shape];
    this.dtype = dtype;
    this.size = shape.reduce((product, extent) => product * extent, 1);
    this.lows = low;
    this.highs = high;
    if (!shape.every((extent) => Number.isInteger(extent) && extent >= 0)) {
      throw new RangeError(`Box: shape [${shape.join(', ')}] is not made of whole numbers`);
    }
    for (const [name, bound] of [
      ['low', low],
      ['high', high],
    ] as const) {
      if (typeof bound !== 'number' && bound.length !== this.size) {
        throw new RangeError(`Box: ${name} has ${bound.length} elements, the shape ${this.size}`);
      }
    }
    const distinct = typeof low === 'number' && typeof high === 'number' ? Math.min(1, this.size) : this.size;
    for (let i = 0; i < distinct; i++) this.checkBounds(i);
  }

  /** Smallest value of element i. */
  low(i: number): number {
    return typeof this.lows === 'number' ? this.lows : (this.lows[i] ?? NaN);
  }

  /** Largest value of element i. */
  high(i: number): number {
    return typeof this.highs === 'number' ? this.highs : (this.highs[i] ?? NaN);
  }

  /**
   * Bounded elements are uniform; as in Gymnasium, one bound missing gives an exponential distribution of mean 1
   * from the other bound, both missing a standard normal one.
   */
  sample(): BoxArrays[D] {
    const values = new arrays[this.dtype](this.size);
    const whole = this.dtype in integerRange;
    for (let i = 0; i < this.size; i++) {
      const [low, high] = [this.low(i), this.high(i)];
      values[i] = whole ? this.random.integer(low, high) : this.floatElement(low, high);
    }
    return values as BoxArrays[D];
  }

  /** True for an array of this element type and size within the bounds; NaN is outside. */
  contains(value: unknown): value is BoxArrays[D] {
    if (!(value instanceof arrays[this.dtype]) || value.length !== this.size) return false;
    for (let i = 0; i < this.size; i++) {
      const element = value[i] ?? NaN;
      if (!(element >= this.low(i) && element <= this.high(i))) return false;
    }
    return true;
  }

  private floatElement(low: number, high: number): number {
    const below = Number.isFinite(low);
    const above = Number.isFinite(high);
    if (below && above) return Math.min(high, low + this.random.uniform() * (high - low));
    if (below) return low + this.random.exponential();
    if (above) return high - this.random.exponential();
    return this.random.normal();
  }

  private checkBounds(i: number): void {
    const low = this.low(i);
    const high = this.high(i);
    if (!(low <= high)) throw new RangeError(`Box: low ${low} is not below or equal to high ${high}, element ${i}`);
    if (this.dtype === 'uint8' || this.dtype === 'int32') {
      const [least, most] = integerRange[this.dtype as keyof typeof integerRange];
      for (const bound of [low, high]) {
        if (!Number.isInteger(bound) || bound < least || bound > most) {
          throw new RangeError(`Box: bound ${bound} is not a whole number from ${least} to ${most} (${this.dtype})`);
        }
      }
    }
  }
}
