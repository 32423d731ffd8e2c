import { Box } from './box.ts';
import { Dict } from './dict.ts';
import type { Dtype, IntegerDtype } from './dtype.ts';
import { MultiDiscrete } from './multi-discrete.ts';
import type { Space } from './space.ts';
import { Tuple } from './tuple.ts';

export function isBox(space: unknown): space is Box<Dtype> {
  return space instanceof Box;
}

export function isMultiDiscrete(space: unknown): space is MultiDiscrete<IntegerDtype> {
  return space instanceof MultiDiscrete;
}

/** The spaces of a Tuple or Dict by index or key, in order; undefined for another space. */
export function partsOf(space: unknown): [key: string, part: Space<unknown>][] | undefined {
  if (!(space instanceof Tuple || space instanceof Dict)) return undefined;
  return Object.entries(space.spaces as Readonly<Record<string, Space<unknown>>>);
}
