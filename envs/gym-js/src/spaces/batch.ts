import { Box } from './box.ts';
import { Dict } from './dict.ts';
import { Discrete } from './discrete.ts';
import { type Dtype, type IntegerDtype, zeros } from './dtype.ts';
import { isBox, isMultiDiscrete, partsOf } from './kinds.ts';
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
  if (isBox(space)) return boxOf(space, n, space.low.bind(space), space.high.bind(space));
  if (space instanceof Discrete)
    return new MultiDiscrete(repeated([space.n], n), { start: repeated([space.start], n) });
  if (isMultiDiscrete(space)) {
    const first = (i: number): number => space.start[i] as number;
    return boxOf(space, n, first, (i) => first(i) + (space.nvec[i] as number) - 1);
  }
  if (space instanceof MultiBinary) {
    return boxOf(
      space,
      n,
      () => 0,
      () => 1,
    );
  }
  const parts = partsOf(space)?.map(([key, part]) => [key, batchSpace(part, n) as Space<unknown>] as const);
  if (parts === undefined) return copiesOf(space, n);
  if (space instanceof Dict) return new Dict(Object.fromEntries(parts), { sortKeys: false });
  return new Tuple(parts.map(([, part]) => part));
}

function boxOf(
  { dtype, shape, size }: { dtype: Dtype; shape: readonly number[]; size: number },
  n: number,
  low: (i: number) => number,
  high: (i: number) => number,
): Box<Dtype> {
  const bounds = (bound: (i: number) => number): number | number[] => {
    const values = Array.from({ length: size }, (_, i) => bound(i));
    const [first = 0] = values;
    return values.every((value) => value === first) ? first : repeated(values, n);
  };
  return new Box({ low: bounds(low), high: bounds(high), shape: [n, ...shape], dtype });
}

function copiesOf(space: Space<unknown>, n: number): Tuple<Space<unknown>[]> {
  const seeds = space.npRandom.copy().integers(0, 100_000_000, { size: n });
  const prototype = Object.getPrototypeOf(space) as object;
  const tuple = new Tuple(seeds.map(() => Object.assign(Object.create(prototype) as Space<unknown>, space)));
  tuple.seed(seeds);
  return tuple;
}

function repeated(values: readonly number[], n: number): number[] {
  return Array.from({ length: n }, () => values).flat();
}

function emptyOf(space: Space<unknown>, n: number): unknown {
  if (space instanceof Discrete) return new Int32Array(n);
  if (hasArrays(space)) return zeros(space.dtype, n * space.size);
  if (space instanceof Text)
    return Array.from({ length: n }, () => (space.characters[0] ?? '').repeat(space.minLength));
  return byPart(space, (part) => emptyOf(part, n)) ?? Array.from({ length: n }, () => undefined);
}

function joined(space: Space<unknown>, elements: readonly unknown[], out: unknown): unknown {
  if (space instanceof Discrete) {
    (out as Int32Array).set(elements as number[]);
    return out;
  }
  if (hasArrays(space)) {
    elements.forEach((element, i) => (out as Int8Array).set(element as Int8Array, i * space.size));
    return out;
  }
  const parts = byPart(space, (part, key) => {
    const ofPart = elements.map((element) => (element as Record<string, unknown>)[key]);
    return joined(part, ofPart, (out as Record<string, unknown>)[key]);
  });
  return parts ?? [...elements];
}

function elementAt(space: Space<unknown>, batch: unknown, i: number): unknown {
  if (hasArrays(space)) return (batch as Int8Array).subarray(i * space.size, (i + 1) * space.size);
  const parts = byPart(space, (part, key) => elementAt(part, (batch as Record<string, unknown>)[key], i));
  return parts ?? (batch as ArrayLike<unknown>)[i];
}

function countOf(space: Space<unknown>, batch: unknown): number {
  if (hasArrays(space)) return space.size === 0 ? 0 : (batch as Int8Array).length / space.size;
  const counts = partsOf(space)?.map(([key, part]) => countOf(part, (batch as Record<string, unknown>)[key]));
  if (counts === undefined) return (batch as ArrayLike<unknown>).length;
  return counts.length === 0 ? 0 : Math.min(...counts);
}

function hasArrays(space: Space<unknown>): space is Box<Dtype> | MultiDiscrete<IntegerDtype> | MultiBinary {
  return isBox(space) || isMultiDiscrete(space) || space instanceof MultiBinary;
}

/** The results for the parts, as an element of the space holds them; undefined for a space without parts. */
function byPart(space: Space<unknown>, one: (part: Space<unknown>, key: string) => unknown): unknown {
  const results = partsOf(space)?.map(([key, part]) => [key, one(part, key)] as const);
  if (results === undefined) return undefined;
  return space instanceof Dict ? Object.fromEntries(results) : results.map(([, result]) => result);
}
