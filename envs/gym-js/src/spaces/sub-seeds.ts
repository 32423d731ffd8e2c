import type { Generator } from '../seeding/generator.ts';

/** A seed for each space of a Tuple or Dict, as Gymnasium draws them. */
export function subSeeds(random: Generator, count: number): number[] {
  return random.integers(0, 2 ** 31 - 1, { size: count });
}
