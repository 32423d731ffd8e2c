import { congruential } from '../src/conformance/trace-rules.ts';

/** The random numbers of most recordings, of soak and fuzz: an integer below `count`, at most 65536. */
export function draws(seed: number): (count: number) => number {
  const next = congruential(seed);
  return (count) => (next() >>> 16) % count;
}
