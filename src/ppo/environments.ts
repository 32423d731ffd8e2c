import { AtariPool, findGame, gameNames } from '../../envs/atari/index.ts';
import { classicControl } from '../../envs/classic/index.ts';
import { memoryTasks } from '../../envs/memory/index.ts';
import type { ListedEnv } from '../../envs/listed-env.ts';
import { suggestion } from '../../envs/nearest-names.ts';
import { listedRollout } from '../../envs/network-env.ts';
import type { RolloutEnvironment } from '../../envs/rollout-environment.ts';
import { UserError } from '../errors.ts';
import { atariOptionsOf } from './atari-settings.ts';
import type { ResolvedOptions } from './config.ts';

/** What a run can be trained on, beside the games of Atari. */
export const smallEnvironments = { 'classic control': classicControl, 'memory tasks': memoryTasks };

const small = Object.values(smallEnvironments).flat();

/**
 * The one name of a game or task, from any usual one: `Breakout` of `ALE/Breakout-v5`, `CartPole-v1` of `cartpole`,
 * `RepeatPreviousEasy` of `popgym-RepeatPreviousEasy-v0`. Throws UserError for an unknown name.
 */
export function gameName(typed: string): string {
  const found = findSmall(typed) ?? findGame(typed);
  if (found) return found.name;
  const names = [...new Set(small.map(({ name }) => withoutVersion(name))), ...gameNames()];
  const mend = suggestion(withoutVersion(typed), names, 'npm run games lists them all');
  throw new UserError(`unknown game ${JSON.stringify(typed)}; ${mend}`);
}

/**
 * Opens the environments of a run; `options.game` is a {@link gameName}.
 * @param update the run goes on from this update: it then plays other games than those it began with
 */
export async function openEnvironment(options: ResolvedOptions, update: number): Promise<RolloutEnvironment> {
  const { game, envs, rollout, workers, groups } = options;
  const seed = options.seed + update * 2 ** 31;
  const named = small.find(({ name }) => name === game);
  if (named) return listedRollout(named, { count: envs, rolloutSteps: rollout, seed });
  return AtariPool.create({ game, envs, rolloutSteps: rollout, workers, groups, seed, ...atariOptionsOf(options) });
}

/** By id or name in any spelling; without a version the newest. */
function findSmall(typed: string): ListedEnv | undefined {
  const exact = small.find(({ id, name }) => [id, name].some((known) => letters(known) === letters(typed)));
  return exact ?? small.findLast(({ name }) => letters(withoutVersion(name)) === letters(withoutVersion(typed)));
}

function withoutVersion(name: string): string {
  return name.trim().replace(/^popgym-|-v\d+$/gi, '');
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
