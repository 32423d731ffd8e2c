import type { Env } from 'gym-js';
import type { AgentManifest } from '../agents/bundle/manifest.ts';
import { PreprocessedAtariEnv, type PreprocessedAtariOptions } from '../envs/atari/preprocessed-env.ts';
import { NetworkEnv } from '../envs/network-env.ts';
import { UserError } from './errors.ts';
import { listed, listedSettings } from './listed-environments.ts';

/**
 * One environment like those that an agent learned in, in this thread, whose observations are what the agent takes. In
 * Node and in browsers.
 * @param environment of its agent.json @param options of games of Atari, what they are drawn by and where ALE is from
 * @throws UserError where this version has no such environment, or one that is made otherwise
 */
export async function environmentOf(
  { environment: { game, settings } }: Pick<AgentManifest, 'environment'>,
  options: Pick<PreprocessedAtariOptions, 'ale' | 'renderMode'> = {},
): Promise<Env<Uint8Array | Float32Array, number>> {
  const found = listed.find(({ name }) => name === game);
  if (!found) return PreprocessedAtariEnv.create({ ...settings, game, ...options });
  const [learned, here] = [inOrder(settings), inOrder(listedSettings(found))];
  if (learned !== here)
    throw new UserError(
      `the agent learned ${game} with ${learned}, which here has ${here}; use the version in its agent.json`,
    );
  return new NetworkEnv(found);
}

/** Settings as text, for comparison. */
function inOrder(settings: object): string {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(given.sort(([a], [b]) => (a < b ? -1 : 1))));
}
