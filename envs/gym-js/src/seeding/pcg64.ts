import { high32 } from './high32.ts';
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

// The 128-bit multiplier, 0x2360ed051fc65da44385df649fccf645, as 32-bit words, lowest first.
const m0 = 0x9fcc_f645;
const m1 = 0x4385_df64;
const m2 = 0x1fc6_5da4;
const m3 = 0x2360_ed05;

/**
 * numpy.random.PCG64: Melissa O'Neill's PCG XSL RR 128/64, a 128-bit linear congruential generator whose output folds
 * and rotates its state. In words of 32 bits: BigInt takes several times as long.
 */
export class Pcg64 {
  /** The last 64-bit draw of `next`, as two unsigned 32-bit words. */
  high = 0;
  low = 0;
  private readonly words = new Uint32Array(4);
  private readonly increment = new Uint32Array(4);
  private hasSpare = false;
  private spare = 0;

  constructor(sequence: SeedSequence) {
    const [s2 = 0, s3 = 0, s0 = 0, s1 = 0, i2 = 0, i3 = 0, i0 = 0, i1 = 0] = sequence.generateState(8);
    this.increment.set([(i0 << 1) | 1, (i1 << 1) | (i0 >>> 31), (i2 << 1) | (i1 >>> 31), (i3 << 1) | (i2 >>> 31)]);
    this.step();
    this.add(s0, s1, s2, s3);
    this.step();
  }

  /** Draws 64 bits into `high` and `low`. */
  next(): void {
    this.step();
    const s3 = this.words[3] as number;
    const folded1 = s3 ^ (this.words[1] as number);
    const folded0 = (this.words[2] as number) ^ (this.words[0] as number);
    const rotation = s3 >>> 26;
    const high = rotation & 32 ? folded0 : folded1;
    const low = rotation & 32 ? folded1 : folded0;
    const shift = rotation & 31;
    this.high = shift === 0 ? high >>> 0 : ((high >>> shift) | (low << (32 - shift))) >>> 0;
    this.low = shift === 0 ? low >>> 0 : ((low >>> shift) | (high << (32 - shift))) >>> 0;
  }

  /** Draws 32 bits: the lower half of a 64-bit draw, then its upper half. */
  uint32(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.spare;
    }
    this.next();
    this.hasSpare = true;
    this.spare = this.high;
    return this.low;
  }

  /** Uniform in [0, 1): the upper 53 bits of a 64-bit draw. */
  double(): number {
    this.next();
    return (this.high * 0x20_0000 + (this.low >>> 11)) / 2 ** 53;
  }

  get state(): Pcg64State {
    return {
      bitGenerator: 'PCG64',
      state: { state: decimal(this.words), inc: decimal(this.increment) },
      hasUint32: this.hasSpare ? 1 : 0,
      uinteger: this.spare,
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
    this.spare = uinteger;
  }

  /** state = state * multiplier + increment, modulo 2^128. */
  private step(): void {
    const s0 = this.words[0] as number;
    const s1 = this.words[1] as number;
    const s2 = this.words[2] as number;
    const s3 = this.words[3] as number;
    this.words[0] = Math.imul(s0, m0);
    this.words[1] = Math.imul(s0, m1) + Math.imul(s1, m0) + high32(s0, m0);
    const sum1 = high32(s0, m0) + (Math.imul(s0, m1) >>> 0) + (Math.imul(s1, m0) >>> 0);
    const sum2 =
      high32(s0, m1) +
      high32(s1, m0) +
      (Math.imul(s0, m2) >>> 0) +
      (Math.imul(s1, m1) >>> 0) +
      (Math.imul(s2, m0) >>> 0) +
      Math.floor(sum1 / 2 ** 32);
    this.words[2] = sum2;
    this.words[3] =
      high32(s0, m2) +
      high32(s1, m1) +
      high32(s2, m0) +
      Math.imul(s0, m3) +
      Math.imul(s1, m2) +
      Math.imul(s2, m1) +
      Math.imul(s3, m0) +
      Math.floor(sum2 / 2 ** 32);
    const increment = this.increment;
    this.add(increment[0] as number, increment[1] as number, increment[2] as number, increment[3] as number);
  }

  private add(a0: number, a1: number, a2: number, a3: number): void {
    const words = this.words;
    const sum0 = (words[0] as number) + a0;
    const sum1 = (words[1] as number) + a1 + (sum0 > 0xffff_ffff ? 1 : 0);
    const sum2 = (words[2] as number) + a2 + (sum1 > 0xffff_ffff ? 1 : 0);
    words[0] = sum0;
    words[1] = sum1;
    words[2] = sum2;
    words[3] = (words[3] as number) + a3 + (sum2 > 0xffff_ffff ? 1 : 0);
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
