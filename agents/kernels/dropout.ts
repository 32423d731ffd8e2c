import type { RimDropout } from './kernels.ts';

/**
 * What is dropped from: each has random numbers of its own. The first three are a RIM's, and native/rim_dropout.h knows
 * the same; the others are before and after a core.
 */
export const dropoutSites = { read: 0, attention: 1, output: 2, input: 3, hidden: 4 } as const;

/** Of 2^32 equally likely numbers the lower ones, so many, mean that an element is dropped. */
export function dropoutThreshold({ rate }: RimDropout): number {
  return Math.floor(rate * 2 ** 32);
}

/**
 * What the elements [first, first + count) of a site are multiplied by: 0 where they are dropped, else 1 / (1 - rate).
 * Whether one is depends on seed, site and its index alone, by a hash of 32 bits (the multiplications and shifts that
 * Wellons found, "Hash Function Prospector", 2018, with a key before and within).
 */
export function dropoutFactors(
  dropout: RimDropout,
  site: keyof typeof dropoutSites,
  first: number,
  count: number,
): Float32Array {
  const threshold = dropoutThreshold(dropout);
  const kept = 1 / (1 - threshold / 2 ** 32);
  const key = (i: number): number => mix(dropout.seed + Math.imul(2 * dropoutSites[site] + i, 0x9e3779b9));
  const [before, within] = [key(1) | 0, key(2) | 0];
  const factors = new Float32Array(count); // a plain loop on 32-bit integers: there are millions of them
  const start = (first + before) | 0;
  // Without sign the comparison would be one of doubles: the least 32-bit number takes the place of 0.
  const signed = (threshold - 2 ** 31) | 0;
  for (let i = 0; i < count; i++) factors[i] = (mixed((start + i) | 0, within) ^ 0x80000000) < signed ? 0 : kept;
  return factors;
}

/** A hash of 32 bits. @returns unsigned */
export function mix(x: number, within = 0): number {
  return mixed(x, within) >>> 0;
}

/** The same with sign. */
function mixed(x: number, within: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul((x + within) | 0, 0x735a2d97);
  return x ^ (x >>> 15);
}
