import { Box } from './box.ts';
import { Dict } from './dict.ts';
import { Discrete } from './discrete.ts';
import { type Dtype, type DtypeArrays, zeros } from './dtype.ts';
import { MultiBinary } from './multi-binary.ts';
import { MultiDiscrete } from './multi-discrete.ts';
import type { Element, Space } from './space.ts';
import { Text } from './text.ts';
import { Tuple } from './tuple.ts';

/** The space of several elements at once: arrays get a first axis, a Discrete becomes a MultiDiscrete. */
export type Batched<S> =
  S extends Box<infer D>
    ? Box<D>
    : S extends Discrete
      ? MultiDiscrete
      : S extends MultiDiscrete<infer D>
        ? Box<D>
        : S extends MultiBinary
          ? Box<'int8'>
          : S extends Tuple<infer P>
            ? Tuple<{ [I in keyof P]: AnySpace<Batched<P[I]>> }>
            : S extends Dict<infer P>
              ? Dict<{ [K in keyof P]: AnySpace<Batched<P[K]>> }>
              : Space<readonly Element<S>[]>;

/** Tells the compiler what it cannot see, that a batched space is a space. */
type AnySpace<S> = S extends Space<unknown> ? S : never;

/**
 * The space of `n` elements of `space` (gymnasium.vector.utils.batch_space), with a copy of its generator. A Text, or a
 * space of a kind that is not known here, becomes a Tuple of n copies (shallow ones), each with a seed of its own.
 * Throws RangeError where a Discrete does not fit 32 bits.
 */
export function batchSpace<S extends Space<unknown>>(space: S, n: number): Batched<S> {
  const batched = batchOf(space, n);
  batched.npRandom = space.npRandom.copy();
  return batched as Batched<S>;
}

/** Zeros (for a Text the shortest texts) for `n` elements, to be filled by `concatenate`. */
export function createEmptyArray<S extends Space<unknown>>(space: S, n: number): Element<Batched<S>> {
  return emptyOf(space, n) as Element<Batched<S>>;
}

/** Writes the elements one after another into `out` and returns it; texts and elements not known here as a new list. */
export function concatenate<S extends Space<unknown>>(
  space: S,
  elements: readonly Element<S>[],
  out: Element<Batched<S>>,
): Element<Batched<S>> {
  return joined(space, elements, out) as Element<Batched<S>>;
}

/**
 * The single elements of a batch, in order; arrays are views into it. Unlike Gymnasium's `iterate` it takes the space
 * of one element, which alone says what an element is.
 */
export function* iterate<S extends Space<unknown>>(space: S, batch: Element<Batched<S>>): Generator<Element<S>> {
  const n = countOf(space, batch);
  for (let i = 0; i < n; i++) yield elementAt(space, batch, i) as Element<S>;
}

function batchOf(space: Space<unknown>, n: number): Space<unknown> {
  if (space instanceof Box)
    return boxOf(
      space as Box<Dtype>,
      n,
      (box, i) => box.low(i),
      (box, i) => box.high(i),
    );
  if (space instanceof Discrete)
    return new MultiDiscrete(repeated([space.n], n), { start: repeated([space.start], n) });
  if (space instanceof MultiDiscrete) {
    const first = (one: MultiDiscrete, i: number): number => one.start[i] as number;
    return boxOf(space as MultiDiscrete, n, first, (one, i) => first(one, i) + (one.nvec[i] as number) - 1);
  }
  if (space instanceof MultiBinary)
    return boxOf(
      space,
      n,
      () => 0,
      () => 1,
    );
  if (space instanceof Tuple) return new Tuple((space.spaces as Space<unknown>[]).map((part) => batchSpace(part, n)));
  if (space instanceof Dict) {
    const parts = Object.entries(space.spaces as Record<string, Space<unknown>>);
    return new Dict(Object.fromEntries(parts.map(([key, part]) => [key, batchSpace(part, n)])), { sortKeys: false });
  }
  const seeds = space.npRandom.copy().integers(0, 100_000_000, { size: n });
  const copies = seeds.map(() => Object.assign(Object.create(Object.getPrototypeOf(space) as object) as object, space));
  const batched = new Tuple(copies as Space<unknown>[]);
  batched.seed(seeds);
  return batched;
}

function boxOf<S extends { shape: readonly number[]; size: number; dtype: Dtype }>(
  space: S,
  n: number,
  low: (space: S, i: number) => number,
  high: (space: S, i: number) => number,
): Box<Dtype> {
  const bounds = (bound: (space: S, i: number) => number): number | number[] => {
    const values = Array.from({ length: space.size }, (_, i) => bound(space, i));
    const [first = 0] = values;
    return values.every((value) => value === first) ? first : repeated(values, n);
  };
  return new Box({ low: bounds(low), high: bounds(high), shape: [n, ...space.shape], dtype: space.dtype });
}

function repeated(values: readonly number[], n: number): number[] {
  return Array.from({ length: n }, () => values).flat();
}

function emptyOf(space: Space<unknown>, n: number): unknown {
  if (space instanceof Discrete) return new Int32Array(n);
  const array = arrayOf(space);
  if (array !== undefined) return zeros(array.dtype, n * array.size);
  if (space instanceof Text)
    return Array.from({ length: n }, () => (space.characters[0] ?? '').repeat(space.minLength));
  return mapParts(space, (part) => emptyOf(part, n)) ?? new Array<undefined>(n).fill(undefined);
}

function joined(space: Space<unknown>, elements: readonly unknown[], out: unknown): unknown {
  const array = arrayOf(space);
  if (space instanceof Discrete) (out as Int32Array).set(elements as number[]);
  else if (array === undefined) {
    const parts = mapParts(space, (part, key) =>
      joined(
        part,
        elements.map((element) => (element as Record<string, unknown>)[key]),
        (out as Record<string, unknown>)[key],
      ),
    );
    return parts ?? [...elements];
  } else elements.forEach((element, i) => (out as Int8Array).set(element as Int8Array, i * array.size));
  return out;
}

function elementAt(space: Space<unknown>, batch: unknown, i: number): unknown {
  const array = arrayOf(space);
  if (array !== undefined) return (batch as Int8Array).subarray(i * array.size, (i + 1) * array.size);
  const parts = mapParts(space, (part, key) => elementAt(part, (batch as Record<string, unknown>)[key], i));
  return parts ?? (batch as ArrayLike<unknown>)[i];
}

function countOf(space: Space<unknown>, batch: unknown): number {
  const array = arrayOf(space);
  if (array !== undefined) return array.size === 0 ? 0 : (batch as Int8Array).length / array.size;
  if (!(space instanceof Tuple || space instanceof Dict)) return (batch as ArrayLike<unknown>).length;
  const counts = Object.entries(space.spaces as Record<string, Space<unknown>>).map(([key, part]) =>
    countOf(part, (batch as Record<string, unknown>)[key]),
  );
  return counts.length === 0 ? 0 : Math.min(...counts);
}

/** A space whose elements are arrays. */
function arrayOf(space: Space<unknown>): { dtype: keyof DtypeArrays; size: number } | undefined {
  if (space instanceof Box || space instanceof MultiDiscrete || space instanceof MultiBinary) {
    return space as { dtype: keyof DtypeArrays; size: number };
  }
  return undefined;
}

function mapParts(space: Space<unknown>, one: (part: Space<unknown>, key: string) => unknown): unknown {
  if (space instanceof Tuple) return (space.spaces as Space<unknown>[]).map((part, i) => one(part, `${i}`));
  if (!(space instanceof Dict)) return undefined;
  const parts = Object.entries(space.spaces as Record<string, Space<unknown>>);
  return Object.fromEntries(parts.map(([key, part]) => [key, one(part, key)]));
}
