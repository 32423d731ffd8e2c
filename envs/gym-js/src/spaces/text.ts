import { atMostOne, checkDistribution, checkMask } from './masks.ts';
import { type SampleOptions, Space } from './space.ts';

export interface TextOptions {
  /** Fewest characters; default 1. */
  minLength?: number;
  /** The characters: a string in its order, or a set of characters, sorted; default digits and English letters. */
  charset?: string | ReadonlySet<string>;
}

/** Length (null for a random one), and for each character of the set a mask or probability (null for equal ones). */
export type TextMask = readonly [length: number | null, characters: ArrayLike<number> | null];

const alphanumeric = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Strings of characters from a set (gymnasium.spaces.Text). Characters are Unicode code points. */
export class Text extends Space<string> {
  readonly shape = null;
  readonly minLength: number;
  readonly maxLength: number;
  /** In the order of masks and of `flatten`'s indices. */
  readonly characters: readonly string[];
  private readonly indices: ReadonlyMap<string, number>;

  /** Throws RangeError for lengths that are none, and for a set with something other than single characters. */
  constructor(maxLength: number, { minLength = 1, charset = alphanumeric }: TextOptions = {}) {
    super();
    if (
      !Number.isSafeInteger(minLength) ||
      minLength < 0 ||
      !Number.isSafeInteger(maxLength) ||
      maxLength < minLength
    ) {
      throw new RangeError(`Text: lengths from ${minLength} to ${maxLength} are not whole numbers from 0 on, in order`);
    }
    this.minLength = minLength;
    this.maxLength = maxLength;
    this.characters = typeof charset === 'string' ? [...new Set(charset)] : sorted(charset);
    const wrong = this.characters.find((character) => [...character].length !== 1);
    if (wrong !== undefined) throw new RangeError(`Text: "${wrong}" is not one character`);
    this.indices = new Map(this.characters.map((character, i) => [character, i]));
  }

  /** Throws RangeError also for a mask that leaves no character where `minLength` is above 0. */
  sample(options: SampleOptions<TextMask> = {}): string {
    atMostOne(options, 'Text');
    const [givenLength, weights] = options.mask ?? options.probability ?? [null, null];
    if (givenLength !== null && !(givenLength >= this.minLength && givenLength <= this.maxLength)) {
      throw new RangeError(`Text: length ${givenLength} is not from ${this.minLength} to ${this.maxLength}`);
    }
    const count = this.characters.length;
    if (weights !== null && options.mask !== undefined) checkMask(weights, count, [0, 1], 'Text');
    if (weights !== null && options.probability !== undefined) checkDistribution(weights, count, 'Text');
    const length = givenLength ?? this.npRandom.integers(this.minLength, this.maxLength, { endpoint: true });
    const values = weights === null ? new Array<number>(count).fill(1) : Array.from(weights);
    const sum = options.probability === undefined || weights === null ? values.reduce((a, b) => a + b, 0) : 1;
    if (sum === 0) {
      if (this.minLength === 0) return '';
      throw new RangeError(`Text: the mask leaves no character, and at least ${this.minLength} are needed`);
    }
    return this.npRandom.choice(this.characters, { p: values.map((value) => value / sum), size: length }).join('');
  }

  contains(value: unknown): value is string {
    if (typeof value !== 'string') return false;
    const characters = [...value];
    return (
      characters.length >= this.minLength &&
      characters.length <= this.maxLength &&
      characters.every((character) => this.indices.has(character))
    );
  }

  equals(other: unknown): boolean {
    return (
      other instanceof Text &&
      other.minLength === this.minLength &&
      other.maxLength === this.maxLength &&
      other.characters.length === this.characters.length &&
      other.characters.every((character) => this.indices.has(character))
    );
  }

  toString(): string {
    return `Text(${this.minLength}, ${this.maxLength}, charset=${sorted(this.characters).join('')})`;
  }

  /** The place of a character in `characters`. Throws RangeError for one outside the set. */
  characterIndex(character: string): number {
    const index = this.indices.get(character);
    if (index === undefined) throw new RangeError(`Text: "${character}" is not in the character set`);
    return index;
  }
}

function sorted(characters: Iterable<string>): string[] {
  return [...characters].sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
}
