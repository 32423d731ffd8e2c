import { GymError } from '../errors.ts';
import type { Box } from '../spaces/box.ts';
import type { Dtype } from '../spaces/dtype.ts';
import { isBox, partsOf } from '../spaces/kinds.ts';
import { Space } from '../spaces/space.ts';
import { warn } from '../warnings.ts';

export type SpaceKind = 'observation' | 'action';

/**
 * Whether a space is one, and makes sense (gymnasium.utils.passive_env_checker.check_space). Throws TypeError for what
 * is no space, GymError for an empty Tuple or Dict; warns of a Box that leaves no choice.
 */
export function checkSpace(space: unknown, kind: SpaceKind): void {
  if (!(space instanceof Space)) {
    throw new TypeError(`the ${kind}Space is ${describe(space)}, not a Space`);
  }
  if (isBox(space) && indices(space).some((i) => space.low(i) === space.high(i))) {
    warn(`a Box of the ${kind}Space has a low that equals its high: ${space.toString()}`);
  }
  const parts = partsOf(space);
  if (parts?.length === 0) throw new GymError(`the ${kind}Space has ${describe(space)} of no spaces`);
  for (const [, part] of parts ?? []) checkSpace(part, kind);
}

/** Warns of bounds that learners have trouble with (gymnasium.utils.env_checker.check_space_limit). */
export function checkSpaceLimit(space: Space<unknown>, kind: SpaceKind): void {
  if (isBox(space)) {
    const box = space;
    const all = indices(box);
    if (all.some((i) => box.low(i) === -Infinity)) warn(`a Box of the ${kind}Space has the low -Infinity`);
    if (all.some((i) => box.high(i) === Infinity)) warn(`a Box of the ${kind}Space has the high Infinity`);
    const [low, high] = [all.map((i) => box.low(i)), all.map((i) => box.high(i))];
    const odd = all.some((i) => low[i] !== 0 && Math.abs(low[i] ?? 0) !== Math.abs(high[i] ?? 0));
    const wide = low.some((bound) => bound < -1) || high.some((bound) => bound > 1);
    if (kind === 'action' && box.shape.length === 1 && (odd || wide)) {
      warn(
        `a Box of actions from -1 to 1, or 0 to 1, is easier to learn than ${box.toString()}; RescaleAction makes it`,
      );
    }
  }
  for (const [, part] of partsOf(space) ?? []) checkSpaceLimit(part, kind);
}

/** What a value is, in a word or two. */
export function describe(value: unknown): string {
  if (value === null || typeof value !== 'object') return typeof value === 'string' ? 'a string' : String(value);
  return `a ${value.constructor?.name ?? 'bare object'}`;
}

function indices(box: Box<Dtype>): number[] {
  return Array.from({ length: box.size }, (_, i) => i);
}
