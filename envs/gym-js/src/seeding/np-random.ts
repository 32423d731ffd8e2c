import { Generator } from './generator.ts';

/**
 * A generator and the seed that it began with (gymnasium.utils.seeding.np_random). Without a seed the platform's
 * entropy gives one, a whole number below 2^53, so that the run can be had again.
 * Throws RangeError for a seed that is no whole number from 0 on.
 */
export function npRandom(seed?: number): { random: Generator; seed: number };
export function npRandom(seed: bigint): { random: Generator; seed: bigint };
export function npRandom(seed: number | bigint = freshSeed()): { random: Generator; seed: number | bigint } {
  return { random: new Generator(seed), seed };
}

function freshSeed(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (high >>> 11) * 2 ** 32 + low;
}
