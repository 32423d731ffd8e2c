import { atMostOne } from './masks.ts';
import { pythonString } from './repr.ts';
import { type Element, type SampleOptions, Space, type SpaceSeed } from './space.ts';
import { subSeeds } from './sub-seeds.ts';

/** One element of each of several named spaces (gymnasium.spaces.Dict); its elements are plain objects. */
export class Dict<S extends Readonly<Record<string, Space<unknown>>>> extends Space<{ [K in keyof S]: Element<S[K]> }> {
  readonly shape = null;
  /** In the order in which they are sampled, seeded and flattened. */
  readonly spaces: S;

  /** As in Gymnasium the keys are sorted; with `sortKeys` false they keep the object's order. */
  constructor(spaces: S, { sortKeys = true }: { sortKeys?: boolean } = {}) {
    super();
    const entries = Object.entries(spaces);
    if (sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : 1));
    this.spaces = Object.fromEntries(entries) as S;
  }

  /** One mask or probability per key, each as that space has it; undefined for none. */
  sample(options: SampleOptions<Readonly<Record<string, unknown>>> = {}): { [K in keyof S]: Element<S[K]> } {
    const { mask, probability } = options;
    atMostOne(options, 'Dict');
    const given = mask ?? probability;
    if (given !== undefined) this.checkKeys(given, 'masks');
    return this.mapped((space, key) =>
      space.sample({ mask: mask?.[key] ?? undefined, probability: probability?.[key] ?? undefined }),
    ) as { [K in keyof S]: Element<S[K]> };
  }

  contains(value: unknown): value is { [K in keyof S]: Element<S[K]> } {
    if (typeof value !== 'object' || value === null || !this.hasKeys(value)) return false;
    return Object.entries(this.spaces).every(([key, space]) => space.contains((value as Record<string, unknown>)[key]));
  }

  /** One seed, from which every space gets one, or an object with one for each. Returns the seeds in use, by key. */
  override seed(seed?: SpaceSeed): { readonly [key: string]: SpaceSeed } {
    if (typeof seed === 'object') {
      this.checkKeys(seed, 'seeds');
      return this.mapped((space, key) => space.seed((seed as Readonly<Record<string, SpaceSeed>>)[key]));
    }
    if (seed === undefined) return this.mapped((space) => space.seed());
    super.seed(seed);
    const keys = Object.keys(this.spaces);
    const seeds = subSeeds(this.npRandom, keys.length);
    return this.mapped((space, key) => space.seed(seeds[keys.indexOf(key)]));
  }

  equals(other: unknown): boolean {
    return (
      other instanceof Dict &&
      this.hasKeys(other.spaces as object) &&
      Object.entries(this.spaces).every(([key, space]) => space.equals((other.spaces as Record<string, unknown>)[key]))
    );
  }

  toString(): string {
    return `Dict(${Object.entries(this.spaces)
      .map(([key, space]) => `${pythonString(key)}: ${space.toString()}`)
      .join(', ')})`;
  }

  private mapped<R>(one: (space: Space<unknown>, key: string) => R): Record<string, R> {
    return Object.fromEntries(Object.entries(this.spaces).map(([key, space]) => [key, one(space, key)]));
  }

  private hasKeys(value: object): boolean {
    const keys = Object.keys(this.spaces);
    return Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key));
  }

  private checkKeys(value: object, what: string): void {
    if (!this.hasKeys(value)) {
      throw new RangeError(`Dict: ${what} for ${Object.keys(value)}, the keys are ${Object.keys(this.spaces)}`);
    }
  }
}
