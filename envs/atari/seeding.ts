import { npRandom, type Pcg64State, SeedSequence } from 'gym-js';
import { mersenne, mersenneFromState } from 'pure-rand/generator/mersenne';
import { requireWhole } from '../ranges.ts';
import type { Seeding } from './options.ts';

/** What a seed makes: the emulator's own seed, and a generator of what comes before a game's first observation. */
export interface SeededStart {
  /** For ALE, 0..2^32-2. */
  readonly emulatorSeed: number;
  /** Draws the frames that a game begins with: see {@link Seeding}. */
  drawNoops(noopMax: number): number;
  /** The generator's state, plain JSON. */
  save(): unknown;
  /** Goes on from a state that `save` of the same seeding returned. */
  restore(state: unknown): void;
}

/** @throws UserError unless `seed` is one for the recipe: a whole number of 31 bits, as ALE and ale-py's vector have */
export function requireSeed(seed: number): void {
  requireWhole('seed', seed, 0, 2 ** 31 - 1);
}

export function seededStart(seeding: Seeding, seed: number): SeededStart {
  return seeding === 'ale' ? aleStart(seed) : gymnasiumStart(seed);
}

/** ALE takes 2^32 - 1 for a wish to be seeded by the clock, which nothing here is. */
const seedsOfAle = 2 ** 32 - 1;

/** The seeds that Gymnasium's AtariEnv makes of one: of its own generator, and of ALE. */
export function gymnasiumSeeds(seed: number): { generatorSeed: number; emulatorSeed: number } {
  const [generatorSeed = 0, forAle = 0] = new SeedSequence(seed).generateState(2);
  return { generatorSeed, emulatorSeed: forAle % seedsOfAle };
}

function gymnasiumStart(seed: number): SeededStart {
  const { generatorSeed, emulatorSeed } = gymnasiumSeeds(seed);
  const { random } = npRandom(generatorSeed);
  return {
    emulatorSeed,
    drawNoops: (noopMax) => (noopMax === 0 ? 0 : random.integers(1, noopMax + 1)),
    save: () => random.state,
    restore: (state) => random.restore(state as Pcg64State),
  };
}

function aleStart(seed: number): SeededStart {
  let twister = mersenne(seed);
  return {
    emulatorSeed: seed,
    drawNoops: (noopMax) => uniformBelow(Math.max(1, noopMax), () => twister.next() >>> 0),
    save: () => twister.getState(),
    restore: (state) => void (twister = mersenneFromState(state as readonly number[])),
  };
}

/**
 * std::uniform_int_distribution over 0..range-1 from a generator of 32 bits, as libstdc++ has it since GCC 11: Lemire
 * 2019, "Fast random integer generation in an interval", algorithm 5.
 */
function uniformBelow(range: number, next: () => number): number {
  for (;;) {
    const product = next() * range; // below 2^53, for range is small
    const low = product % 2 ** 32;
    if (low >= range || low >= 2 ** 32 % range) return Math.floor(product / 2 ** 32);
  }
}
