import { atMostOne } from './masks.ts';
import { type Element, type SampleOptions, Space, type SpaceSeed } from './space.ts';
import { subSeeds } from './sub-seeds.ts';

/** One element of each of several spaces, in order (gymnasium.spaces.Tuple). */
export class Tuple<S extends readonly Space<unknown>[]> extends Space<{ readonly [I in keyof S]: Element<S[I]> }> {
  readonly shape = null;
  readonly spaces: S;

  constructor(spaces: readonly [...S]) {
    super();
    this.spaces = [...spaces] as unknown as S;
  }

  /** One mask or probability per space, each as that space has it; undefined for none. */
  sample(options: SampleOptions<readonly unknown[]> = {}): { readonly [I in keyof S]: Element<S[I]> } {
    const { mask, probability } = options;
    atMostOne(options, 'Tuple');
    const given = (mask ?? probability)?.length;
    if (given !== undefined && given !== this.spaces.length) {
      throw new RangeError(`Tuple: ${given} masks for ${this.spaces.length} spaces`);
    }
    return this.spaces.map((space, i) =>
      space.sample({ mask: mask?.[i] ?? undefined, probability: probability?.[i] ?? undefined }),
    ) as never;
  }

  contains(value: unknown): value is { readonly [I in keyof S]: Element<S[I]> } {
    return (
      Array.isArray(value) &&
      value.length === this.spaces.length &&
      this.spaces.every((space, i) => space.contains(value[i]))
    );
  }

  /** One seed, from which every space gets one, or a list with one for each. Returns the list of seeds in use. */
  override seed(seed?: SpaceSeed): readonly SpaceSeed[] {
    if (typeof seed === 'object') {
      if (!Array.isArray(seed) || seed.length !== this.spaces.length) {
        throw new RangeError(`Tuple: ${JSON.stringify(seed)} is not a list of ${this.spaces.length} seeds`);
      }
      return this.spaces.map((space, i) => space.seed((seed as readonly SpaceSeed[])[i]));
    }
    if (seed === undefined) return this.spaces.map((space) => space.seed());
    super.seed(seed);
    const seeds = subSeeds(this.npRandom, this.spaces.length);
    return this.spaces.map((space, i) => space.seed(seeds[i]));
  }

  equals(other: unknown): boolean {
    if (!(other instanceof Tuple)) return false;
    const spaces = other.spaces as readonly unknown[];
    return spaces.length === this.spaces.length && this.spaces.every((space, i) => space.equals(spaces[i]));
  }

  toString(): string {
    return `Tuple(${this.spaces.join(', ')})`;
  }
}
