import { Discrete } from '../spaces/discrete.ts';
import { zeros } from '../spaces/dtype.ts';
import { isBox, isMultiDiscrete, partsOf } from '../spaces/kinds.ts';
import { MultiBinary } from '../spaces/multi-binary.ts';
import type { Space } from '../spaces/space.ts';
import { Text } from '../spaces/text.ts';
import { Tuple } from '../spaces/tuple.ts';

/**
 * The element that is nearest to zero (gymnasium.wrappers.utils.create_zero_array). Throws TypeError for a space that
 * is none of this package's.
 */
export function zeroElement<T>(space: Space<T>): T {
  return zeroOf(space) as T;
}

function zeroOf(space: Space<unknown>): unknown {
  if (isBox(space)) {
    return zeros(space.dtype, space.size).map((_, i) => Math.min(space.high(i), Math.max(space.low(i), 0)));
  }
  if (space instanceof Discrete) return space.start;
  if (isMultiDiscrete(space)) return space.start.slice();
  if (space instanceof MultiBinary) return new Int8Array(space.size);
  if (space instanceof Text) return (space.characters[0] ?? '').repeat(space.minLength);
  const parts = partsOf(space)?.map(([key, part]) => [key, zeroOf(part)] as const);
  if (!parts) throw new TypeError(`${space.toString()} has no known zero; give an observation as paddingType`);
  return space instanceof Tuple ? parts.map(([, zero]) => zero) : Object.fromEntries(parts);
}
