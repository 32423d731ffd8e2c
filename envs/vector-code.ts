import { Box, Dict, Discrete, MultiBinary, MultiDiscrete, type Space, Tuple } from 'gym-js';
import { UserError } from './user-error.ts';

/** How observations of a space become vectors for a network. */
export interface VectorCode {
  /** Length of the vector. */
  readonly size: number;
  /** Writes an observation's vector into `to`, from `offset` on, where there are zeros. */
  write(observation: unknown, to: Float32Array, offset: number): void;
}

/**
 * The code of a space: float elements as they are, whole numbers within bounds as one-hot, one after the other; the
 * parts of a tuple or dictionary in their order. Throws UserError for a space that has none, such as text.
 */
export function vectorCode(space: Space<unknown>): VectorCode {
  if (space instanceof Discrete) {
    const code = oneHot([space.start], [space.n]);
    return { size: code.size, write: (value, to, offset) => code.write([value], to, offset) };
  }
  if (space instanceof MultiDiscrete) {
    const { start, nvec } = space as MultiDiscrete;
    return oneHot(Array.from(start), Array.from(nvec));
  }
  if (space instanceof MultiBinary) return plain(space.size);
  if (space instanceof Box) return boxCode(space as Box<'float32' | 'uint8'>);
  if (space instanceof Tuple || space instanceof Dict) {
    return inOrder(Object.entries(space.spaces as Readonly<Record<string, Space<unknown>>>));
  }
  throw new UserError(`observations of a ${space.constructor.name} space cannot be given to a network`);
}

function boxCode(space: Box<'float32' | 'uint8'>): VectorCode {
  if (space.dtype.startsWith('float')) return plain(space.size);
  const lows = Array.from({ length: space.size }, (_, i) => space.low(i));
  return oneHot(
    lows,
    lows.map((low, i) => space.high(i) - low + 1),
  );
}

function plain(size: number): VectorCode {
  return { size, write: (values, to, offset) => to.set(values as ArrayLike<number>, offset) };
}

/** Element i is one of the `counts[i]` whole numbers from `lows[i]` on. */
function oneHot(lows: readonly number[], counts: readonly number[]): VectorCode {
  let size = 0;
  /** Where element i's zero would stand. */
  const origins = counts.map((count, i) => (size += count) - count - (lows[i] as number));
  return {
    size,
    write(values, to, offset) {
      for (const [i, origin] of origins.entries()) to[offset + origin + (values as ArrayLike<number>)[i]!] = 1;
    },
  };
}

function inOrder(spaces: readonly (readonly [key: string, space: Space<unknown>])[]): VectorCode {
  let size = 0;
  const parts = spaces.map(([key, space]) => {
    const code = vectorCode(space);
    size += code.size;
    return { key, code, start: size - code.size };
  });
  return {
    size,
    write(observation, to, offset) {
      for (const { key, code, start } of parts) {
        code.write((observation as Record<string, unknown>)[key], to, offset + start);
      }
    },
  };
}
