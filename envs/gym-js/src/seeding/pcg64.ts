import type { SeedSequence } from './seed-sequence.ts';

/** What continues a Pcg64 exactly, as plain JSON; names and numbers are those of numpy's `bit_generator.state`. */
export interface Pcg64State {
  bitGenerator: 'PCG64';
  /** 128-bit numbers in decimal. */
  state: { state: string; inc: string };
  /** 1 while `uinteger`, the upper half of the last 64-bit draw, waits to be the next 32-bit draw. */
  hasUint32: 0 | 1;
  uinteger: number;
}

/**
 * numpy.random.PCG64: Melissa O'Neill's PCG XSL RR 128/64, a 128-bit linear congruential generator whose output folds
 * and rotates its state. In words of 32 bits: BigInt takes several times as long.
 */
export class Pcg64 {
  /** The last 64-bit draw of `next`, as two signed 32-bit words, for these need no heap. */
  high = 0;
  low = 0;
  private readonly words = new Uint32Array(4);
  private readonly increment = new Uint32Array(4);
  private hasSpare = false;
  private spare = 0;

  constructor(sequence: SeedSequence) {
    const [s2 = 0, s3 = 0, s0 = 0, s1 = 0, i2 = 0, i3 = 0, i0 = 0, i1 = 0] = sequence.generateState(8);
    this.increment.set([(i0 << 1) | 1, (i1 << 1) | (i0 >>> 31), (i2 << 1) | (i1 >>> 31), (i3 << 1) | (i2 >>> 31)]);
    // The state before the first step is 0, after it the increment.
    let carry = 0;
    [s0, s1, s2, s3].forEach((word, i) => {
      const sum = word + (this.increment[i] as number) + carry;
      this.words[i] = sum;
      carry = sum > 0xffff_ffff ? 1 : 0;
    });
    this.step();
  }

  /** Draws 64 bits into `high` and `low`. */
  next(): void {
    this.step();
    const words = this.words;
    const s3 = words[3] as number;
    const folded1 = s3 ^ (words[1] as number);
    const folded0 = (words[2] as number) ^ (words[0] as number);
    const rotation = s3 >>> 26;
    const high = rotation & 32 ? folded0 : folded1;
    const low = rotation & 32 ? folded1 : folded0;
    // A shift by 32 is none in JavaScript, so it is made of two.
    this.high = (high >>> rotation) | ((low << 1) << (31 - (rotation & 31)));
    this.low = (low >>> rotation) | ((high << 1) << (31 - (rotation & 31)));
  }

  /** Draws 32 bits: the lower half of a 64-bit draw, then its upper half. */
  uint32(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.spare >>> 0;
    }
    this.next();
    this.hasSpare = true;
    this.spare = this.high;
    return this.low >>> 0;
  }

  /** Uniform in [0, 1): the upper 53 bits of a 64-bit draw. */
  double(): number {
    this.next();
    return ((this.high >>> 0) * 0x20_0000 + (this.low >>> 11)) * 2 ** -53;
  }

  get state(): Pcg64State {
    return {
      bitGenerator: 'PCG64',
      state: { state: decimal(this.words), inc: decimal(this.increment) },
      hasUint32: this.hasSpare ? 1 : 0,
      uinteger: this.spare >>> 0,
    };
  }

  /** Throws RangeError for what is not a state of this generator; it then stays as it was. */
  restore(saved: Pcg64State): void {
    const { bitGenerator, state, hasUint32, uinteger } = saved ?? {};
    if (bitGenerator !== 'PCG64') throw new RangeError(`a state of ${String(bitGenerator)} cannot restore a PCG64`);
    const words = words128('state', state?.state);
    const increment = words128('inc', state?.inc);
    if (((increment[0] as number) & 1) === 0) throw new RangeError(`PCG64: inc ${state.inc} is even`);
    if (hasUint32 !== 0 && hasUint32 !== 1) throw new RangeError(`PCG64: hasUint32 ${String(hasUint32)} is not 0 or 1`);
    if (!Number.isInteger(uinteger) || uinteger < 0 || uinteger > 0xffff_ffff) {
      throw new RangeError(`PCG64: uinteger ${uinteger} is not a whole number from 0 to 2^32 - 1`);
    }
    this.words.set(words);
    this.increment.set(increment);
    this.hasSpare = hasUint32 === 1;
    this.spare = uinteger | 0;
  }

  /**
   * state = state * 0x2360ed051fc65da44385df649fccf645 + increment, modulo 2^128: column after column of 16 bits, words
   * of the state times halves of the multiplier, so that every sum stays below 2^53, where numbers are exact.
   */
  private step(): void {
    const { words, increment } = this;
    const s0 = words[0] as number;
    const s1 = words[1] as number;
    const s2 = words[2] as number;
    const s3 = words[3] as number;
    let column = s0 * 0xf645 + (increment[0] as number);
    let lower = column & 0xffff;
    column = Math.floor(column / 0x1_0000) + s0 * 0x9fcc;
    words[0] = (column << 16) | lower;
    column = Math.floor(column / 0x1_0000) + s0 * 0xdf64 + s1 * 0xf645 + (increment[1] as number);
    lower = column & 0xffff;
    column = Math.floor(column / 0x1_0000) + s0 * 0x4385 + s1 * 0x9fcc;
    words[1] = (column << 16) | lower;
    column = Math.floor(column / 0x1_0000) + s0 * 0x5da4 + s1 * 0xdf64 + s2 * 0xf645 + (increment[2] as number);
    lower = column & 0xffff;
    column = Math.floor(column / 0x1_0000) + s0 * 0x1fc6 + s1 * 0x4385 + s2 * 0x9fcc;
    words[2] = (column << 16) | lower;
    column =
      Math.floor(column / 0x1_0000) + s0 * 0xed05 + s1 * 0x5da4 + s2 * 0xdf64 + s3 * 0xf645 + (increment[3] as number);
    lower = column & 0xffff;
    column = Math.floor(column / 0x1_0000) + s0 * 0x2360 + s1 * 0x1fc6 + s2 * 0x4385 + s3 * 0x9fcc;
    words[3] = (column << 16) | lower;
  }
}

function decimal(words: Uint32Array): string {
  return words.reduceRight((value, word) => (value << 32n) | BigInt(word), 0n).toString();
}

function words128(name: string, digits: string): number[] {
  if (!/^\d{1,39}$/.test(digits) || BigInt(digits) >> 128n !== 0n) {
    throw new RangeError(`PCG64: ${name} "${digits}" is not a whole number below 2^128 in decimal`);
  }
  return [0n, 32n, 64n, 96n].map((shift) => Number(BigInt.asUintN(32, BigInt(digits) >> shift)));
}
