import type { CoreKind } from '../../agents/cores/options.ts';
import { coreUses } from '../settings/core-settings.ts';
import { UserError } from '../errors.ts';
import { flagName } from '../settings/flag-name.ts';
import { withPreset } from '../environments/atari-settings.ts';
import { checkOptions, type PpoOptions, ppoOptions } from '../ppo/config.ts';
import { refuseUnused } from '../environments/rollout.ts';

/** Settings as a user gives them, by their names in camel case. */
export type Given = Readonly<Record<string, unknown>>;

/** What is compared: a core, and the settings with which it is trained in every game and with every seed. */
export interface PlannedArm {
  readonly core: CoreKind;
  /** What of the settings is not PPO's default; those that the core does not have are left out. */
  readonly given: Given;
}

/**
 * An arm for each core.
 * @param given PPO's settings that the user said; each goes to the cores that have it
 * @throws UserError if none of the cores has one of them, or one of the games
 */
export function plannedArms(cores: readonly CoreKind[], games: readonly string[], given: Given): PlannedArm[] {
  for (const game of games) refuseUnused(given, game);
  const unused = Object.keys(given).find((key) => !cores.some((core) => coreUses(core, key)));
  if (unused !== undefined)
    throw new UserError(`${flagName(unused)} does nothing with the cores ${cores.join(', ')}; leave it out`);
  return cores.map((core) => ({
    core,
    given: Object.fromEntries(Object.entries(given).filter(([key]) => coreUses(core, key))),
  }));
}

/** All settings of a run of an arm, after defaults. Throws UserError where they contradict each other. */
export function optionsOf({ core, given }: PlannedArm, game: string, seed: number): PpoOptions {
  const options = ppoOptions.parse(withPreset({ ...given, game, core, seed }));
  checkOptions(options);
  return options;
}

/** Flags that give these settings to a command; what is undefined is not given. */
export function flagsOf(given: Given): string[] {
  return Object.entries(given).flatMap(([key, value]) => {
    if (typeof value === 'boolean') return [flagName(value ? key : `no-${key}`)];
    if (typeof value === 'string' || typeof value === 'number') return [flagName(key), `${value}`];
    if (value === undefined) return [];
    throw new TypeError(`${key} is ${typeof value}, which no flag can say`);
  });
}
