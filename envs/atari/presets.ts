import type { AtariOptions } from './options.ts';

/**
 * The recipes that results are reported with, as options over {@link atariDefaults}.
 *
 * v5: ALE/...-v5, as Machado et al. 2018 advise: sticky actions, whole games, plain rewards, no no-ops.
 * NoFrameskip-v4: the v4 games under Gymnasium's AtariPreprocessing: no-ops, whole games, plain rewards.
 * baselines: the same as OpenAI Baselines and Stable-Baselines3 train on it: a lost life ends the learning episode,
 * FIRE is pressed for the agent, rewards are signs.
 */
export const atariPresets = {
  v5: {
    repeatActionProbability: 0.25,
    noopMax: 0,
    fireReset: false,
    terminalOnLifeLoss: false,
    rewardClip: false,
    maxNumFramesPerEpisode: 108_000,
  },
  'NoFrameskip-v4': {
    repeatActionProbability: 0,
    noopMax: 30,
    fireReset: false,
    terminalOnLifeLoss: false,
    rewardClip: false,
    maxNumFramesPerEpisode: 108_000,
  },
  baselines: {
    repeatActionProbability: 0,
    noopMax: 30,
    fireReset: true,
    terminalOnLifeLoss: true,
    rewardClip: 'sign',
    maxNumFramesPerEpisode: 108_000,
  },
} as const satisfies Record<string, Partial<AtariOptions>>;
