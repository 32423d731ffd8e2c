import { z } from 'zod';
import { count, setting } from '../settings/setting.ts';
import { protocolNames } from './protocol.ts';

/** Most games of an evaluation. */
export const mostEpisodes = 100_000;
/** Largest seed of the first game: the last one's must still be one of 31 bits. */
export const largestFirstSeed = 2 ** 30;

/** What can be said of an evaluation. What is left out of the group `games` is as the protocol says. */
export const evaluationSettings = z.strictObject({
  episodes: setting(count(30, mostEpisodes), { group: 'evaluation', text: 'whole games' }),
  seed: setting(z.number().int().min(0).max(largestFirstSeed).default(1), {
    group: 'evaluation',
    text: 'of the first game; those after it have the seeds after it. Training has seeds of its own',
  }),
  greedy: setting(z.boolean().default(false), {
    group: 'evaluation',
    text: 'the most likely action always, not one drawn by the policy',
  }),
  envs: setting(count(8, 1024), {
    group: 'evaluation',
    text: 'games side by side; results do not depend on it',
  }),
  protocol: setting(z.enum(protocolNames).default('trained'), {
    group: 'games',
    text: 'how games are played: as the agent learned, or as scores are published',
  }),
  sticky: setting(z.number().min(0).max(1).optional(), {
    group: 'games',
    text: 'probability that a frame repeats the action before',
  }),
  noops: setting(z.number().int().min(0).max(1000).optional(), {
    group: 'games',
    text: 'a game begins with at most so many frames without action',
  }),
  fireReset: setting(z.boolean().optional(), { group: 'games', text: 'press FIRE where an episode begins' }),
  lifeLoss: setting(z.boolean().optional(), {
    group: 'games',
    text: 'a lost life ends an episode, so that what the agent remembers is reset; the game goes on',
  }),
  frameCap: setting(z.number().int().min(0).max(1_000_000_000).optional(), {
    group: 'games',
    text: 'emulated frames after which a game is cut, 0 for never',
  }),
  workers: setting(z.number().int().min(1).max(256).optional(), {
    group: 'machine',
    text: 'threads that step games of Atari (as many as cores)',
  }),
  threads: setting(z.number().int().min(1).max(256).optional(), {
    group: 'machine',
    text: 'threads of TensorFlow (as many as cores); results depend on it in the last bits',
  }),
});

export type EvaluationSettings = z.infer<typeof evaluationSettings>;
