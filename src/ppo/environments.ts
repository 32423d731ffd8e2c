import { AtariPool, resolveGame } from '../../envs/atari/index.ts';
import { cueRecallRollout } from '../../envs/memory/index.ts';
import type { RolloutEnvironment } from '../../envs/rollout-environment.ts';
import { atariOptionsOf } from './atari-settings.ts';
import type { ResolvedOptions } from './config.ts';

/** The environment that is not Atari: see envs/memory. */
const cueRecall = 'CueRecall';

/** The one name of a game, from any usual one. Throws UserError for an unknown name. */
export function gameName(typed: string): string {
  const isCueRecall = typed.replaceAll(/[^a-z]/gi, '').toLowerCase() === cueRecall.toLowerCase();
  return isCueRecall ? cueRecall : resolveGame(typed).name;
}

/**
 * Opens the environments of a run; `options.game` is a {@link gameName}.
 * @param update the run goes on from this update: it then plays other games than those it began with
 */
export async function openEnvironment(options: ResolvedOptions, update: number): Promise<RolloutEnvironment> {
  const { game, envs, rollout, workers, groups } = options;
  const seed = options.seed + update * 2 ** 31;
  if (game === cueRecall) return cueRecallRollout({ envs, rolloutSteps: rollout, seed });
  return AtariPool.create({ game, envs, rolloutSteps: rollout, workers, groups, seed, ...atariOptionsOf(options) });
}
