import type { Env } from 'gym-js';
import type { AgentManifest } from '../../agents/bundle/manifest.ts';
import { PreprocessedAtariEnv, type PreprocessedAtariOptions } from '../../envs/atari/preprocessed-env.ts';
import type { ListedEnv } from '../../envs/listed-env.ts';
import { NetworkEnv } from '../../envs/network-env.ts';
import { UserError } from '../errors.ts';
import { listedByName, listedSettings } from './listed.ts';

/**
 * One environment like those that an agent learned in, in this thread, whose observations are what the agent takes. In
 * Node and in browsers. Rewards are clipped as they were in training: the score of a game of Atari is the sum of
 * `info.score`, not of rewards.
 * @param environment of its agent.json @param options renderMode and the ALE module; games of Atari alone
 * @throws UserError where this version has no such environment, or one that is made otherwise
 */
export async function environmentOf(
  { environment: { game, settings } }: Pick<AgentManifest, 'environment'>,
  options: Pick<PreprocessedAtariOptions, 'ale' | 'renderMode'> = {},
): Promise<Env<Uint8Array | Float32Array, number>> {
  const found = listedOf({ game, settings });
  if (found && options.renderMode !== undefined)
    throw new UserError(`renderMode does nothing in ${game}, which is no game of Atari; leave it out`);
  return found ? new NetworkEnv(found) : PreprocessedAtariEnv.create({ ...settings, game, ...options });
}

/**
 * The environment that an agent learned in, where it is none of Atari's games; undefined where it is one.
 * @throws UserError where this version makes it otherwise
 */
export function listedOf({
  game,
  settings,
}: Pick<AgentManifest['environment'], 'game' | 'settings'>): ListedEnv | undefined {
  const found = listedByName(game);
  if (!found) return undefined;
  const [learned, here] = [inOrder(settings), inOrder(listedSettings(found))];
  if (learned !== here)
    throw new UserError(
      `the agent learned ${game} with ${learned}, which here has ${here}; use the version in its agent.json`,
    );
  return found;
}

/** Settings as text, for comparison. */
function inOrder(settings: object): string {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1))));
}
