import type { Pcg64 } from './pcg64.ts';

/** Width of the integers that are drawn; it decides how NumPy spends the generator's bits. */
export type IntegerBits = 8 | 16 | 32 | 64;

/**
 * Draws uniform integers in [0, range] (both included, range < 2^53) as NumPy does for integers of `width` bits, by
 * Lemire's method (2019). Narrow ones share one 32-bit draw, for as long as the returned function is used.
 */
export function boundedDraws(bits: Pcg64, range: number, width: IntegerBits): () => number {
  if (range === 0) return () => 0;
  if (width === 64 || width === 32) return () => bounded(bits, range);
  const narrow = narrowDraws(bits, width);
  const full = 2 ** width - 1;
  if (range === full) return narrow;
  const count = range + 1;
  const threshold = (full - range) % count;
  return () => {
    for (;;) {
      const product = narrow() * count;
      if ((product & full) >= threshold) return product >>> width;
    }
  };
}

/** Uniform integer in [0, range], range < 2^53: from 32 bits where the range fits them, otherwise from 64. */
export function bounded(bits: Pcg64, range: number): number {
  if (range === 0) return 0;
  if (range > 0xffff_ffff) return wide(bits, BigInt(range));
  if (range === 0xffff_ffff) return bits.uint32();
  const count = range + 1;
  let threshold = -1;
  for (;;) {
    const word = bits.uint32();
    const low = Math.imul(word, count) >>> 0;
    if (low < count && threshold < 0) threshold = (0xffff_ffff - range) % count;
    if (low >= count || low >= threshold) return high32(word, count);
  }
}

/** Uniform integer in [0, max], max < 2^32, by rejection of masked draws, as NumPy shuffles. */
export function masked(bits: Pcg64, max: number): number {
  if (max === 0) return 0;
  const mask = 0xffff_ffff >>> Math.clz32(max);
  for (;;) {
    const value = (bits.uint32() & mask) >>> 0;
    if (value <= max) return value;
  }
}

function wide(bits: Pcg64, range: bigint): number {
  const count = range + 1n;
  const threshold = (0xffff_ffff_ffff_ffffn - range) % count;
  for (;;) {
    bits.next();
    const product = ((BigInt(bits.high >>> 0) << 32n) | BigInt(bits.low >>> 0)) * count;
    if (BigInt.asUintN(64, product) >= threshold) return Number(product >> 64n);
  }
}

/** Integers of 8 or 16 bits, cut from 32-bit draws, lowest first. */
function narrowDraws(bits: Pcg64, width: 8 | 16): () => number {
  const mask = 2 ** width - 1;
  let buffer = 0;
  let left = 0;
  return () => {
    if (left === 0) {
      buffer = bits.uint32();
      left = 32 / width;
    } else buffer >>>= width;
    left--;
    return buffer & mask;
  };
}

/** The upper word of a product of two 32-bit words; its parts stay below 2^53, where numbers are exact. */
function high32(a: number, b: number): number {
  return Math.floor((a * (b >>> 16) + Math.floor((a * (b & 0xffff)) / 0x1_0000)) / 0x1_0000);
}
