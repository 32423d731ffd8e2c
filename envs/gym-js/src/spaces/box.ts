import { type Dtype, type DtypeArrays, isArray, isDtype, isFloat, isUnsigned, limits, zeros } from './dtype.ts';
import { arrayText, pythonTuple, scalarText } from './repr.ts';
import { sameShape, sizeOf } from './shape.ts';
import { type SampleOptions, Space } from './space.ts';

export interface BoxOptions<D extends Dtype> {
  /** Smallest value, one for all elements or one each; -Infinity for none (not for unsigned types). */
  low: number | ArrayLike<number>;
  /** Largest value (included), one for all elements or one each; Infinity for none (not for unsigned types). */
  high: number | ArrayLike<number>;
  /** Default: as many elements as the bounds have, or [1]. */
  shape?: readonly number[] | undefined;
  /** Default float32. */
  dtype?: D;
}

/** Arrays of one shape whose elements lie between bounds (gymnasium.spaces.Box); flat, in C order. */
export class Box<D extends Dtype = 'float32'> extends Space<DtypeArrays[D]> {
  readonly shape: readonly number[];
  readonly dtype: D;
  /** Number of elements, the product of the shape. */
  readonly size: number;
  private readonly lows: Bound;
  private readonly highs: Bound;

  /** Throws RangeError if a bound is not a number, above its partner, of the wrong length, or does not fit the type. */
  constructor({ low, high, shape, dtype }: BoxOptions<D>) {
    super();
    this.dtype = dtype ?? ('float32' as D);
    if (!isDtype(this.dtype)) throw new RangeError(`Box: dtype "${String(this.dtype)}" is none of its element types`);
    this.shape = shape === undefined ? [boundsLength(low, high)] : [...shape];
    this.size = sizeOf(this.shape, 'Box');
    this.lows = this.bound('low', low);
    this.highs = this.bound('high', high);
    const distinct =
      typeof this.lows === 'number' && typeof this.highs === 'number' ? Math.min(1, this.size) : this.size;
    for (let i = 0; i < distinct; i++) {
      if (this.low(i) <= this.high(i)) continue;
      throw new RangeError(`Box: low ${this.low(i)} is not below or equal to high ${this.high(i)}, element ${i}`);
    }
  }

  /** Smallest value of element i, in the element type. */
  low(i: number): number {
    return this.inType(at(this.lows, i));
  }

  /** Largest value of element i, in the element type. */
  high(i: number): number {
    return this.inType(at(this.highs, i));
  }

  /** Whether every element has a bound of that kind. */
  isBounded(manner: 'both' | 'below' | 'above' = 'both'): boolean {
    const finite = (bounds: Bound): boolean =>
      typeof bounds === 'number' ? Number.isFinite(bounds) : bounds.every(Number.isFinite);
    return (manner === 'above' || finite(this.lows)) && (manner === 'below' || finite(this.highs));
  }

  /**
   * Bounded elements are uniform; one bound missing gives an exponential distribution of mean 1 from the other bound,
   * both missing a standard normal one. Takes no mask.
   */
  sample({ mask, probability }: SampleOptions = {}): DtypeArrays[D] {
    if (mask !== undefined || probability !== undefined) throw new RangeError('Box: samples take no mask');
    const random = this.npRandom;
    const values = zeros(this.dtype, this.size);
    const whole = !isFloat(this.dtype);
    const [least, most] = limits(this.dtype);
    // An integer's upper bound is included, a uniform number's is not.
    const above = whole ? 1 : 0;
    const fill = (kind: Kind, draw: (low: number, high: number) => number): void => {
      for (let i = 0; i < this.size; i++) {
        if (this.kind(i) !== kind) continue;
        const value = draw(this.low(i), this.high(i) + above);
        values[i] = whole ? Math.min(most, Math.max(least, Math.floor(value))) : value;
      }
    };
    // Gymnasium draws all elements of a kind together, in this order.
    fill('unbounded', () => random.standardNormal());
    fill('below', (low) => random.exponential() + low);
    fill('above', (_, high) => -random.exponential() + high);
    fill('bounded', (low, high) => random.uniform(low, high));
    return values;
  }

  /** True for an array of this element type and size within the bounds; NaN is outside. */
  contains(value: unknown): value is DtypeArrays[D] {
    if (!isArray(value, this.dtype, this.size)) return false;
    for (let i = 0; i < this.size; i++) {
      const element = value[i] ?? NaN;
      if (!(element >= this.low(i) && element <= this.high(i))) return false;
    }
    return true;
  }

  /** Bounds may differ by rounding: by 1e-8 plus a hundred-thousandth. */
  equals(other: unknown): boolean {
    if (!(other instanceof Box) || other.dtype !== this.dtype || !sameShape(other.shape, this.shape)) return false;
    const close = (a: number, b: number): boolean => a === b || Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);
    for (let i = 0; i < this.size; i++) {
      if (!close(this.low(i), other.low(i)) || !close(this.high(i), other.high(i))) return false;
    }
    return true;
  }

  toString(): string {
    const text = (bound: (i: number) => number): string => {
      const values = Array.from({ length: this.size }, (_, i) => bound(i));
      const [first] = values;
      return first !== undefined && values.every((value) => value === first)
        ? scalarText(first, this.dtype)
        : arrayText(values, this.shape, this.dtype);
    };
    const [low, high] = [text((i) => this.low(i)), text((i) => this.high(i))];
    return `Box(${low}, ${high}, ${pythonTuple(this.shape)}, ${this.dtype})`;
  }

  private kind(i: number): Kind {
    const below = Number.isFinite(at(this.lows, i));
    const above = Number.isFinite(at(this.highs, i));
    return below ? (above ? 'bounded' : 'below') : above ? 'above' : 'unbounded';
  }

  /** A missing bound of an integer is the type's own. */
  private inType(bound: number): number {
    if (Number.isFinite(bound) || isFloat(this.dtype)) return bound;
    const [least, most] = limits(this.dtype);
    return bound < 0 ? least : most;
  }

  private bound(name: 'low' | 'high', given: number | ArrayLike<number>): Bound {
    if (typeof given === 'number') return this.checked(given);
    if (given.length !== this.size) {
      throw new RangeError(`Box: ${name} has ${given.length} elements, the shape ${this.size}`);
    }
    return Float64Array.from(given, (value) => this.checked(value));
  }

  private checked(bound: number): number {
    const [least, most] = limits(this.dtype);
    if (isFloat(this.dtype)) {
      if (Number.isNaN(bound)) throw new RangeError(`Box: bound NaN is not a number`);
      if (Number.isFinite(bound) && (bound < least || bound > most)) {
        throw new RangeError(`Box: bound ${bound} does not fit ${this.dtype}`);
      }
      return this.dtype === 'float32' ? Math.fround(bound) : bound;
    }
    const missing = !isUnsigned(this.dtype) && (bound === Infinity || bound === -Infinity);
    if (!missing && !(Number.isInteger(bound) && bound >= least && bound <= most)) {
      throw new RangeError(`Box: bound ${bound} is not a whole number from ${least} to ${most} (${this.dtype})`);
    }
    return bound;
  }
}

/** One for all elements, or one each. */
type Bound = number | Float64Array;

type Kind = 'unbounded' | 'below' | 'above' | 'bounded';

function at(bound: Bound, i: number): number {
  return typeof bound === 'number' ? bound : (bound[i] ?? NaN);
}

function boundsLength(low: number | ArrayLike<number>, high: number | ArrayLike<number>): number {
  return typeof low === 'object' ? low.length : typeof high === 'object' ? high.length : 1;
}
