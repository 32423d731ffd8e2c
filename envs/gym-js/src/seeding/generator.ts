import { boundedDraws, type IntegerBits, masked } from './bounded.ts';
import { distinctIndices, distinctWeightedIndices, indices, weightedIndices } from './choice.ts';
import { Pcg64, type Pcg64State } from './pcg64.ts';
import { type Seed, SeedSequence } from './seed-sequence.ts';
import { standardExponential, standardNormal } from './ziggurat.ts';

const integerTypes = {
  uint8: { bits: 8, least: 0, most: 255 },
  int8: { bits: 8, least: -128, most: 127 },
  uint16: { bits: 16, least: 0, most: 65_535 },
  int16: { bits: 16, least: -32_768, most: 32_767 },
  uint32: { bits: 32, least: 0, most: 2 ** 32 - 1 },
  int32: { bits: 32, least: -(2 ** 31), most: 2 ** 31 - 1 },
  // numpy's reaches 2^63; here numbers end where they stop being exact.
  int64: { bits: 64, least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER },
} as const satisfies Record<string, { bits: IntegerBits; least: number; most: number }>;

export interface IntegersOptions {
  /** Whether `high` itself may be drawn; default false. */
  endpoint?: boolean;
  /** numpy spends its bits by this type: other types give other numbers. Default int64. */
  dtype?: keyof typeof integerTypes;
}

export interface ChoiceOptions {
  /** Whether an item may come twice; default true. */
  replace?: boolean;
  /** One probability for each item, their sum 1; default equal ones. */
  p?: ArrayLike<number>;
}

/**
 * numpy.random.Generator over PCG64: for the same seed and calls the same numbers as NumPy's, bit for bit.
 * With a size the methods return as many numbers as an array, and draw as NumPy does for that size.
 */
export class Generator {
  private readonly bits: Pcg64;

  /** From a seed or a sequence of seeds (numpy.random.default_rng). */
  constructor(seed: Seed | readonly Seed[] | SeedSequence) {
    this.bits = new Pcg64(seed instanceof SeedSequence ? seed : new SeedSequence(seed));
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  random(): number;
  random(size: number): Float64Array;
  random(size?: number): number | Float64Array {
    return this.drawn(size, () => this.bits.double());
  }

  /** Uniform in [low, high). Throws RangeError where the width is not finite. */
  uniform(low?: number, high?: number): number;
  uniform(low: number, high: number, size: number): Float64Array;
  uniform(low = 0, high = 1, size?: number): number | Float64Array {
    const width = high - low;
    if (!Number.isFinite(width)) throw new RangeError(`uniform: ${low} to ${high} has no finite width`);
    return this.drawn(size, () => low + width * this.bits.double());
  }

  /** Normal number of mean 0 and standard deviation 1. */
  standardNormal(): number;
  standardNormal(size: number): Float64Array;
  standardNormal(size?: number): number | Float64Array {
    return this.drawn(size, () => standardNormal(this.bits));
  }

  /** Normal number of mean `loc` and standard deviation `scale`. Throws RangeError for a scale below 0. */
  normal(loc?: number, scale?: number): number;
  normal(loc: number, scale: number, size: number): Float64Array;
  normal(loc = 0, scale = 1, size?: number): number | Float64Array {
    if (!(scale >= 0)) throw new RangeError(`normal: scale ${scale} is not 0 or above`);
    return this.drawn(size, () => loc + scale * standardNormal(this.bits));
  }

  /** Exponential number of mean `scale`. Throws RangeError for a scale below 0. */
  exponential(scale?: number): number;
  exponential(scale: number, size: number): Float64Array;
  exponential(scale = 1, size?: number): number | Float64Array {
    if (!(scale >= 0)) throw new RangeError(`exponential: scale ${scale} is not 0 or above`);
    return this.drawn(size, () => scale * standardExponential(this.bits));
  }

  /**
   * Uniform integer in [low, high). Throws RangeError for bounds that are no whole numbers, outside the type, or with
   * nothing between them.
   */
  integers(low: number, high: number, options?: IntegersOptions): number;
  integers(low: number, high: number, options: IntegersOptions & { size: number }): number[];
  integers(low: number, high: number, options: IntegersOptions & { size?: number } = {}): number | number[] {
    const { endpoint = false, dtype = 'int64', size } = options;
    const { bits, least, most } = integerTypes[dtype];
    const last = endpoint ? high : high - 1;
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(last) || low < least || last > most || low > last) {
      throw new RangeError(`integers: no ${dtype} from ${low} to ${last}, both included`);
    }
    if (last - low > Number.MAX_SAFE_INTEGER) throw new RangeError(`integers: ${low} to ${last} is wider than 2^53`);
    const draw = boundedDraws(this.bits, last - low, bits);
    return size === undefined ? low + draw() : Array.from({ length: size }, () => low + draw());
  }

  /**
   * An item, or one of the numbers 0..n-1; with a size, as many. Throws RangeError where there is nothing to choose,
   * for more items than there are without replacement, and for probabilities that are none.
   */
  choice(items: number, options?: ChoiceOptions): number;
  choice(items: number, options: ChoiceOptions & { size: number }): number[];
  choice<T>(items: readonly T[], options?: ChoiceOptions): T;
  choice<T>(items: readonly T[], options: ChoiceOptions & { size: number }): T[];
  choice<T>(
    items: number | readonly T[],
    options: ChoiceOptions & { size?: number } = {},
  ): number | T | (number | T)[] {
    const count = typeof items === 'number' ? items : items.length;
    const chosen = this.indices(count, options);
    const picked = typeof items === 'number' ? chosen : chosen.map((index) => items[index] as T);
    return options.size === undefined ? (picked[0] as number | T) : picked;
  }

  /** Shuffles an array in place. */
  shuffle(items: { length: number; [index: number]: unknown }): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = masked(this.bits, i);
      [items[i], items[j]] = [items[j], items[i]];
    }
  }

  /** The numbers 0..n-1, or a copy of the items, in random order. */
  permutation(items: number): number[];
  permutation<T>(items: readonly T[]): T[];
  permutation<T>(items: number | readonly T[]): (number | T)[] {
    const copy = typeof items === 'number' ? Array.from({ length: items }, (_, i) => i) : [...items];
    this.shuffle(copy);
    return copy;
  }

  /** A generator that goes on as this one, by itself. */
  copy(): Generator {
    const copied = new Generator(0);
    copied.restore(this.state);
    return copied;
  }

  /** What `restore` needs to go on from here; plain JSON. */
  get state(): Pcg64State {
    return this.bits.state;
  }

  /** Goes on where the generator of that state was. Throws RangeError for what is not such a state. */
  restore(state: Pcg64State): void {
    this.bits.restore(state);
  }

  private indices(count: number, { replace = true, p, size = 1 }: ChoiceOptions & { size?: number }): number[] {
    if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`choice: ${count} items to choose from`);
    if (!replace && size > count) throw new RangeError(`choice: ${size} different ones of ${count} items`);
    if (p === undefined) return replace ? indices(this.bits, count, size) : distinctIndices(this.bits, count, size);
    checkProbabilities(p, count, replace ? 0 : size);
    return replace ? weightedIndices(this.bits, p, size) : distinctWeightedIndices(this.bits, p, size);
  }

  private drawn(size: number | undefined, draw: () => number): number | Float64Array {
    if (size === undefined) return draw();
    const numbers = new Float64Array(size);
    for (let i = 0; i < size; i++) numbers[i] = draw();
    return numbers;
  }
}

function checkProbabilities(p: ArrayLike<number>, count: number, needed: number): void {
  if (p.length !== count) throw new RangeError(`choice: ${p.length} probabilities for ${count} items`);
  const values = Array.from(p);
  if (!values.every((value) => value >= 0)) throw new RangeError(`choice: a probability of [${values}] is below 0`);
  const sum = values.reduce((total, value) => total + value, 0);
  if (!(Math.abs(sum - 1) <= 1.5e-8)) throw new RangeError(`choice: the probabilities' sum is ${sum}, not 1`);
  const possible = values.filter((value) => value > 0).length;
  if (possible < needed)
    throw new RangeError(`choice: ${needed} different ones, ${possible} have a probability above 0`);
}
