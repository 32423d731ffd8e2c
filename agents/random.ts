import { mersenne, mersenneFromState } from 'pure-rand/generator/mersenne';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';

/**
 * A seeded generator of random numbers (MT19937) whose state can be saved and put back.
 * Whatever draws random numbers gets one of these passed in; nothing draws from `Math.random` or from the clock.
 */
export class Random {
  #generator: ReturnType<typeof mersenne>;

  /** @param seed a 32-bit integer; the same seed gives the same numbers. */
  constructor(seed: number) {
    this.#generator = mersenne(seed | 0);
  }

  /** @returns a number in [0, 1), a multiple of 2^-53. */
  uniform(): number {
    return uniformFloat64(this.#generator);
  }

  /** @returns an integer in [0, bound). */
  integer(bound: number): number {
    return uniformInt(this.#generator, 0, bound - 1);
  }

  /** @returns a draw from the standard normal distribution (Box and Muller; the second value is not kept). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Puts `items` into a random order, in place (Fisher and Yates). */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
    return items;
  }

  /** The whole state, to be handed to {@link Random.restore}. */
  save(): number[] {
    return [...this.#generator.getState()];
  }

  restore(state: readonly number[]): void {
    this.#generator = mersenneFromState(state);
  }
}
