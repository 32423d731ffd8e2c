import { Box } from './box.ts';
import { Dict } from './dict.ts';
import { Discrete } from './discrete.ts';
import { type Dtype, type DtypeArrays, resultType, zeros } from './dtype.ts';
import { MultiBinary } from './multi-binary.ts';
import { MultiDiscrete } from './multi-discrete.ts';
import type { Element, Space } from './space.ts';
import { Text } from './text.ts';
import { Tuple } from './tuple.ts';

/** Number of elements of a flattened element (gymnasium.spaces.utils). Throws TypeError for a space of another kind. */
export function flatdim(space: Space<unknown>): number {
  if (space instanceof Box || space instanceof MultiBinary) return space.size;
  if (space instanceof Discrete) return space.n;
  if (space instanceof MultiDiscrete) return (space as MultiDiscrete).nvec.reduce((sum, count) => sum + count, 0);
  if (space instanceof Text) return space.maxLength;
  return parts(space).reduce((sum, [, part]) => sum + flatdim(part), 0);
}

/**
 * The box of the flattened elements. Its type is the narrowest that holds all parts; Discrete counts as int32.
 * Throws TypeError for a space of another kind.
 */
export function flattenSpace(space: Space<unknown>): Box<Dtype> {
  if (space instanceof Box) {
    const bounds = { low: bounds1d(space, (i) => space.low(i)), high: bounds1d(space, (i) => space.high(i)) };
    return new Box<Dtype>({ ...bounds, shape: [space.size], dtype: (space as Box<Dtype>).dtype });
  }
  if (space instanceof Text) {
    return new Box<Dtype>({ low: 0, high: space.characters.length, shape: [space.maxLength], dtype: 'int32' });
  }
  if (!(space instanceof Tuple || space instanceof Dict)) {
    return new Box<Dtype>({ low: 0, high: 1, shape: [flatdim(space)], dtype: flatDtype(space) });
  }
  const boxes = parts(space).map(([, part]) => flattenSpace(part));
  const low = boxes.flatMap((box) => bounds1d(box, (i) => box.low(i)));
  const high = boxes.flatMap((box) => bounds1d(box, (i) => box.high(i)));
  return new Box<Dtype>({ low, high, dtype: flatDtype(space) });
}

/**
 * An element as one array: Discrete and MultiDiscrete as one-hot vectors, Text as indices of its characters (their
 * number where the text has ended), Tuple and Dict as their parts one after another.
 * Throws RangeError for what is no element.
 */
export function flatten<S extends Space<unknown>>(space: S, element: Element<S>): DtypeArrays[Dtype] {
  if (!space.contains(element)) throw new RangeError(`flatten: the value is not in ${space.toString()}`);
  const flat = zeros(flatDtype(space), flatdim(space));
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
  if (space instanceof Box || space instanceof MultiDiscrete) return (space as Box<Dtype>).dtype;
  if (space instanceof MultiBinary) return space.dtype;
  if (space instanceof Discrete || space instanceof Text) return 'int32';
  return resultType(parts(space).map(([, part]) => flatDtype(part)));
}

function write(space: Space<unknown>, element: unknown, flat: DtypeArrays[Dtype], offset: number): void {
  if (space instanceof Discrete) {
    flat[offset + (element as number) - space.start] = 1;
  } else if (space instanceof MultiDiscrete) {
    let at = offset;
    for (let i = 0; i < space.size; i++) {
      flat[at + ((element as Int32Array)[i] as number) - (space.start[i] as number)] = 1;
      at += space.nvec[i] as number;
    }
  } else if (space instanceof Text) {
    flat.fill(space.characters.length, offset, offset + space.maxLength);
    [...(element as string)].forEach((character, i) => (flat[offset + i] = space.characterIndex(character)));
  } else if (space instanceof Tuple || space instanceof Dict) {
    let at = offset;
    for (const [key, part] of parts(space)) {
      write(part, (element as Record<string, unknown>)[key], flat, at);
      at += flatdim(part);
    }
  } else {
    flat.set(element as Int8Array, offset);
  }
}

function read(space: Space<unknown>, flat: ArrayLike<number>, offset: number): unknown {
  if (space instanceof Discrete) return space.start + oneHot(space, flat, offset, space.n);
  if (space instanceof MultiDiscrete) {
    const element = zeros((space as MultiDiscrete).dtype, space.size);
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
  if (space instanceof Tuple || space instanceof Dict) {
    let at = offset;
    const elements = parts(space).map(([key, part]) => {
      const element = read(part, flat, at);
      at += flatdim(part);
      return [key, element] as const;
    });
    return space instanceof Dict ? Object.fromEntries(elements) : elements.map(([, element]) => element);
  }
  const { dtype, size } = space as Box<Dtype>;
  const element = zeros(dtype, size);
  for (let i = 0; i < size; i++) element[i] = flat[offset + i] as number;
  return element;
}

/** Where the first number other than 0 stands. */
function oneHot(space: Space<unknown>, flat: ArrayLike<number>, offset: number, count: number): number {
  for (let i = 0; i < count; i++) if (flat[offset + i] !== 0) return i;
  throw new RangeError(`unflatten: ${count} zeros stand where ${space.toString()} has a one`);
}

function bounds1d(box: Box<Dtype>, bound: (i: number) => number): number[] {
  return Array.from({ length: box.size }, (_, i) => bound(i));
}

function parts(space: Space<unknown>): [key: string, part: Space<unknown>][] {
  if (space instanceof Tuple || space instanceof Dict)
    return Object.entries(space.spaces as Record<string, Space<unknown>>);
  throw new TypeError(`${space.toString()} is none of the spaces that can be flattened`);
}
