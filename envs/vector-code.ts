import { Box, Dict, type Dtype, flatdim, flatten, type IntegerDtype } from 'gym-js';
import { MultiDiscrete, type Space, Text, Tuple } from 'gym-js';
import { UserError } from './user-error.ts';

/** How observations of a space become vectors for a network. */
export interface VectorCode {
  /** Length of the vector. */
  readonly size: number;
  /** Writes an observation's vector into `to`, from `offset` on. */
  write(observation: unknown, to: Float32Array, offset: number): void;
}

/**
 * The code of a space: float elements as they are, whole numbers within bounds as one-hot, one after the other; the
 * parts of a tuple or dictionary in their order. Throws UserError for text, of which no network makes anything.
 */
export function vectorCode(space: Space<unknown>): VectorCode {
  const counted = countedSpace(space);
  return { size: flatdim(counted), write: (observation, to, offset) => to.set(flatten(counted, observation), offset) };
}

/** The same elements with boxes of whole numbers as MultiDiscrete: flattening makes one-hot vectors of these. */
function countedSpace(space: Space<unknown>): Space<unknown> {
  if (space instanceof Text) throw new UserError('observations of a Text space cannot be given to a network');
  if (space instanceof Tuple) return new Tuple((space.spaces as readonly Space<unknown>[]).map(countedSpace));
  if (space instanceof Dict) {
    const parts = Object.entries(space.spaces as Readonly<Record<string, Space<unknown>>>);
    return new Dict(Object.fromEntries(parts.map(([key, part]) => [key, countedSpace(part)])));
  }
  return space instanceof Box ? countedBox(space as Box<Dtype>) : space;
}

function countedBox(box: Box<Dtype>): Box<Dtype> | MultiDiscrete<IntegerDtype> {
  const { size, shape, dtype } = box;
  if (dtype === 'float32' || dtype === 'float64') return box;
  const start = Array.from({ length: size }, (_, i) => box.low(i));
  const counts = start.map((low, i) => box.high(i) - low + 1);
  return new MultiDiscrete(counts, { start, shape, dtype });
}
