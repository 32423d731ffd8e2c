import type { AgentOptions } from '../../agents/actor-critic.ts';
import { coreWidth, networkSize } from '../../agents/network-size.ts';
import { UserError } from '../errors.ts';
import { flagName } from '../settings/flag-name.ts';
import { grouped } from '../text/words.ts';
import { type Given, optionsOf, type PlannedArm } from './arms.ts';
import { type GameShape, networkOf } from './game-shapes.ts';

/** Share by which a size may differ from the one that it is to match. */
const tolerance = 0.01;
/** Largest size of a core that is tried. */
const largest = 4096;

/** What is made equal. */
const measures = {
  parameters: (network: AgentOptions): number => networkSize(network).parameters,
  width: coreWidth,
} as const;

/**
 * Makes all arms as large as the first, each by the one size that its core has: `hidden` of lstm and gru, `units` of
 * rim, units of all layers of brim in their proportion, `features` of ff.
 * A `features` that was given holds for the other arms, not for ff, whose size it is.
 * @param games with their shapes; sizes are found in the first, and must do in all
 * @throws UserError if a size that is to be found was given, or no size comes within a hundredth
 */
export function matchedArms(
  arms: readonly PlannedArm[],
  match: keyof typeof measures,
  games: readonly (readonly [game: string, shape: GameShape])[],
): PlannedArm[] {
  const [first, ...others] = arms;
  if (first === undefined) return [];
  const [game, shape] = games[0] as (typeof games)[number];
  const sizeIn = (arm: PlannedArm, [game, shape]: (typeof games)[number]): number =>
    measures[match](networkOf(arm, game, shape));
  return [
    first,
    ...others.map((arm) => {
      const { key, setting } = knobOf(arm, game);
      if (key in arm.given && key !== 'features')
        throw new UserError(`${flagName(key)} is what --match ${match} finds for ${arm.core}: leave one of them out`);
      const at = (size: number): PlannedArm => ({ ...arm, given: { ...arm.given, ...setting(size) } });
      const wanted = sizeIn(first, [game, shape]);
      const found = at(nearest((size) => sizeIn(at(size), [game, shape]), wanted));
      for (const each of games) {
        const [target, got] = [sizeIn(first, each), sizeIn(found, each)];
        if (Math.abs(got - target) > tolerance * target)
          throw new UserError(
            `--match ${match}: no size of ${arm.core} comes near the ${grouped(target)} of ${first.core} in ` +
              `${each[0]} (${grouped(got)} is the nearest); name another core first in --cores`,
          );
      }
      return found;
    }),
  ];
}

/** The size that a core has, as a setting. */
interface Knob {
  readonly key: string;
  readonly setting: (size: number) => Given;
}

function knobOf(arm: PlannedArm, game: string): Knob {
  switch (arm.core) {
    case 'lstm':
    case 'gru':
      return { key: 'hidden', setting: (hidden) => ({ hidden }) };
    case 'rim':
      return { key: 'units', setting: (units) => ({ units }) };
    case 'ff':
      return { key: 'features', setting: (features) => ({ features }) };
    case 'brim':
      return { key: 'layers', setting: (units) => ({ layers: scaled(optionsOf(arm, game, 0).layers, units) }) };
  }
}

/** Layers as `6x50:4,3x100:2` whose last has so many units, and the others in proportion. */
function scaled(layers: string, units: number): string {
  const parts = [...layers.matchAll(/(\d+)x(\d+):(\d+)/g)].map(([, ...numbers]) => numbers.map(Number));
  const factor = units / (parts.at(-1)?.[1] as number);
  return parts
    .map(([modules, own = 1, active]) => `${modules}x${Math.max(1, Math.round(own * factor))}:${active}`)
    .join(',');
}

/** The whole number whose value, which never falls as it grows, comes nearest to the one that is wanted. */
function nearest(valueOf: (size: number) => number, wanted: number): number {
  let [low, high] = [1, largest];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (valueOf(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  const below = Math.max(1, low - 1);
  return wanted - valueOf(below) < valueOf(low) - wanted ? below : low;
}
