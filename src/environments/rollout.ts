import { atariOptions, AtariPool, findGame, gameNames } from '../../envs/atari/index.ts';
import type { ListedEnv } from '../../envs/listed-env.ts';
import { letters, suggestion } from '../../envs/nearest-names.ts';
import { listedRollout } from '../../envs/network-env.ts';
import type { RolloutEnvironment } from '../../envs/rollout-environment.ts';
import { UserError } from '../errors.ts';
import { flagName } from '../settings/flag-name.ts';
import { listed, listedByName, listedSettings } from './listed.ts';
import { atariOptionsOf, isAtariSetting } from './atari-settings.ts';
import type { PpoOptions, ResolvedOptions } from '../ppo/config.ts';

/**
 * The one name of a game or task, from any usual one: `Breakout` of `ALE/Breakout-v5`, `CartPole-v1` of `cartpole`,
 * `RepeatPreviousEasy` of `popgym-RepeatPreviousEasy-v0`. Throws UserError for an unknown name.
 */
export function gameName(typed: string): string {
  const found = findListed(typed) ?? findGame(typed);
  if (found) return found.name;
  const names = [...new Set(listed.map(({ name }) => withoutVersion(name))), ...gameNames()];
  const versions = versionsOf(typed);
  if (versions.length > 0) {
    const known = versions.map(({ name }) => JSON.stringify(name)).join(' and ');
    throw new UserError(`unknown version ${JSON.stringify(typed)}; there is ${known}`);
  }
  const mend = suggestion(withoutVersion(typed), names, 'npm run games lists them all');
  throw new UserError(`unknown game ${JSON.stringify(typed)}; ${mend}`);
}

/** Throws UserError where a setting of Atari's recipe is given for an environment that is none of its games. */
export function refuseUnused(given: Readonly<Record<string, unknown>>, typed: string): void {
  const game = gameName(typed);
  if (!listedByName(game)) return;
  const unused = Object.keys(given).find(isAtariSetting);
  if (unused !== undefined) {
    throw new UserError(`${flagName(unused)} does nothing in ${game}, which is no game of Atari; leave it out`);
  }
}

/** Opens the environments of a run; `options.game` is a {@link gameName}. */
export async function openEnvironment(options: ResolvedOptions): Promise<RolloutEnvironment> {
  const { game, envs, rollout, workers, groups, seed } = options;
  const found = listedByName(game);
  if (found) return listedRollout(found, { count: envs, rolloutSteps: rollout, seed });
  return AtariPool.create({ game, envs, rolloutSteps: rollout, workers, groups, seed, ...atariOptionsOf(options) });
}

/**
 * All that makes the environments of a run what they are, for the agent's own files: of a game of Atari every option of
 * the recipe; of another its id in gym-js's registry, its limit of steps, and the options that it is made with.
 */
export function environmentSettings(options: PpoOptions): object {
  const found = listedByName(options.game);
  return found ? listedSettings(found) : atariOptions(atariOptionsOf(options));
}

/** By id or name in any spelling; without a version the newest. */
function findListed(typed: string): ListedEnv | undefined {
  const exact = listed.find(({ id, name }) => [id, name].some((known) => letters(known) === letters(typed)));
  if (exact || /-v\d+$/i.test(typed.trim())) return exact; // another version would be another task
  return versionsOf(typed).at(-1);
}

/** All that differ from what was typed in nothing but the version, the newest last. */
function versionsOf(typed: string): ListedEnv[] {
  return listed.filter(({ name }) => letters(withoutVersion(name)) === letters(withoutVersion(typed)));
}

function withoutVersion(name: string): string {
  return name.trim().replace(/^popgym-|-v\d+$/gi, '');
}
