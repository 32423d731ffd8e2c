import { Box } from './box.ts';
import { Dict } from './dict.ts';
import { Discrete } from './discrete.ts';
import { type Dtype, type DtypeArrays, resultType, zeros } from './dtype.ts';
import { isBox, isMultiDiscrete, partsOf } from './kinds.ts';
import { MultiBinary } from './multi-binary.ts';
import type { Element, Space } from './space.ts';
import { Text } from './text.ts';

/** Number of elements of a flattened element (gymnasium.spaces.utils). Throws TypeError for a space of another kind. */
export function flatdim(space: Space<unknown>): number {
  if (isBox(space) || space instanceof MultiBinary) return space.size;
  if (space instanceof Discrete) return space.n;
  if (isMultiDiscrete(space)) return Array.from(space.nvec).reduce((sum, count) => sum + count, 0);
  if (space instanceof Text) return space.maxLength;
  return flattenable(space).reduce((sum, [, part]) => sum + flatdim(part), 0);
}

/**
 * The box of the flattened elements. Its type is the narrowest that holds all parts; Discrete counts as int32.
 * Throws TypeError for a space of another kind.
 */
export function flattenSpace(space: Space<unknown>): Box<Dtype> {
  const dtype = flatDtype(space);
  if (isBox(space)) return new Box({ ...bounds(space), shape: [space.size], dtype });
  const parts = partsOf(space)?.map(([, part]) => bounds(flattenSpace(part)));
  if (parts !== undefined) {
    return new Box({ low: parts.flatMap(({ low }) => low), high: parts.flatMap(({ high }) => high), dtype });
  }
  const high = space instanceof Text ? space.characters.length : 1;
  return new Box({ low: 0, high, shape: [flatdim(space)], dtype });
}

/**
 * An element as one array: Discrete and MultiDiscrete as one-hot vectors, Text as indices of its characters (their
 * number where the text has ended), Tuple and Dict as their parts one after another.
 * Throws RangeError for what is no element, TypeError for a space of another kind.
 */
export function flatten<S extends Space<unknown>>(space: S, element: Element<S>): DtypeArrays[Dtype] {
  const flat = zeros(flatDtype(space), flatdim(space));
  if (!space.contains(element)) throw new RangeError(`flatten: the value is not in ${space.toString()}`);
  write(space, element, flat, 0);
  return flat;
}

/** The element that `flatten` made this array of. Throws RangeError for an array that is none's. */
export function unflatten<S extends Space<unknown>>(space: S, flat: ArrayLike<number>): Element<S> {
  if (flat.length !== flatdim(space)) {
    throw new RangeError(`unflatten: ${flat.length} numbers, ${space.toString()} has ${flatdim(space)}`);
  }
  return read(space, flat, 0) as Element<S>;
}

function flatDtype(space: Space<unknown>): Dtype {
  if (isBox(space) || isMultiDiscrete(space) || space instanceof MultiBinary) return space.dtype;
  if (space instanceof Discrete || space instanceof Text) return 'int32';
  return resultType(flattenable(space).map(([, part]) => flatDtype(part)));
}

function write(space: Space<unknown>, element: unknown, flat: DtypeArrays[Dtype], offset: number): void {
  if (space instanceof Discrete) {
    flat[offset + (element as number) - space.start] = 1;
  } else if (isMultiDiscrete(space)) {
    let at = offset;
    for (let i = 0; i < space.size; i++) {
      flat[at + ((element as Int32Array)[i] as number) - (space.start[i] as number)] = 1;
      at += space.nvec[i] as number;
    }
  } else if (space instanceof Text) {
    flat.fill(space.characters.length, offset, offset + space.maxLength);
    [...(element as string)].forEach((character, i) => (flat[offset + i] = space.characterIndex(character)));
  } else if (isBox(space) || space instanceof MultiBinary) {
    flat.set(element as Int8Array, offset);
  } else {
    let at = offset;
    for (const [key, part] of flattenable(space)) {
      write(part, (element as Record<string, unknown>)[key], flat, at);
      at += flatdim(part);
    }
  }
}

function read(space: Space<unknown>, flat: ArrayLike<number>, offset: number): unknown {
  if (space instanceof Discrete) return space.start + oneHot(space, flat, offset, space.n);
  if (isMultiDiscrete(space)) {
    const element = zeros(space.dtype, space.size);
    let at = offset;
    for (let i = 0; i < space.size; i++) {
      const count = space.nvec[i] as number;
      element[i] = (space.start[i] as number) + oneHot(space, flat, at, count);
      at += count;
    }
    return element;
  }
  if (space instanceof Text) {
    const indices = Array.from({ length: space.maxLength }, (_, i) => flat[offset + i] as number);
    return indices.map((index) => space.characters[index] ?? '').join('');
  }
  if (isBox(space) || space instanceof MultiBinary) {
    const element = zeros<Dtype>(space.dtype, space.size);
    for (let i = 0; i < space.size; i++) element[i] = flat[offset + i] as number;
    return element;
  }
  let at = offset;
  const elements = flattenable(space).map(([key, part]) => {
    const element = read(part, flat, at);
    at += flatdim(part);
    return [key, element] as const;
  });
  return space instanceof Dict ? Object.fromEntries(elements) : elements.map(([, element]) => element);
}

/** Where the first number other than 0 stands. */
function oneHot(space: Space<unknown>, flat: ArrayLike<number>, offset: number, count: number): number {
  for (let i = 0; i < count; i++) if (flat[offset + i] !== 0) return i;
  throw new RangeError(`unflatten: ${count} zeros stand where ${space.toString()} has a one`);
}

function bounds(box: Box<Dtype>): { low: number[]; high: number[] } {
  const indices = Array.from({ length: box.size }, (_, i) => i);
  return { low: indices.map((i) => box.low(i)), high: indices.map((i) => box.high(i)) };
}

function flattenable(space: Space<unknown>): [key: string, part: Space<unknown>][] {
  const parts = partsOf(space);
  if (parts === undefined) throw new TypeError(`${space.toString()} is none of the spaces that can be flattened`);
  return parts;
}
