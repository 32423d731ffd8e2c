import { refuseUnused } from '../environments/rollout.ts';
import { checked } from '../settings/checked.ts';
import { refuseUnusedCore } from '../settings/core-settings.ts';
import { withPreset } from '../environments/atari-settings.ts';
import { type PpoOptions, ppoOptions } from './config.ts';

/**
 * All settings of a run.
 * @param given what the user said, by names in camel case
 * @throws UserError for a setting that is out of range, or does nothing in this game or with this core
 */
export function optionsOfGiven(given: Record<string, unknown>): PpoOptions {
  const options = checked(ppoOptions, withPreset(given));
  refuseUnused(given, options.game);
  refuseUnusedCore(given, options);
  return options;
}
