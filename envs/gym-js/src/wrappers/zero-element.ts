import { Box } from '../spaces/box.ts';
import { Dict } from '../spaces/dict.ts';
import { Discrete } from '../spaces/discrete.ts';
import { zeros } from '../spaces/dtype.ts';
import { MultiBinary } from '../spaces/multi-binary.ts';
import { MultiDiscrete } from '../spaces/multi-discrete.ts';
import type { Space } from '../spaces/space.ts';
import { Text } from '../spaces/text.ts';
import { Tuple } from '../spaces/tuple.ts';

/**
 * The element that is nearest to zero (gymnasium.wrappers.utils.create_zero_array). Throws TypeError for a space that is
 * none of this package's.
 */
export function zeroElement<T>(space: Space<T>): T {
  return zeroOf(space) as T;
}

function zeroOf(space: Space<unknown>): unknown {
  if (space instanceof Box) {
    const box = space as Box;
    return zeros(box.dtype, box.size).map((_, i) => Math.min(box.high(i), Math.max(box.low(i), 0)));
  }
  if (space instanceof Discrete) return space.start;
  if (space instanceof MultiDiscrete) return (space as MultiDiscrete).start.slice();
  if (space instanceof MultiBinary) return new Int8Array(space.size);
  if (space instanceof Text) return (space.characters[0] ?? '').repeat(space.minLength);
  if (space instanceof Tuple) return (space.spaces as Space<unknown>[]).map(zeroOf);
  if (space instanceof Dict) {
    const parts = Object.entries(space.spaces as Record<string, Space<unknown>>);
    return Object.fromEntries(parts.map(([key, part]) => [key, zeroOf(part)]));
  }
  throw new TypeError(`${space.toString()} has no known zero; give an observation as paddingType`);
}
