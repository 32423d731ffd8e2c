// SPDX-License-Identifier: GPL-2.0-only

/** The settings that count from the next `loadRom` on, in the order of native/settings.cc. */
export const settings = [
  'seed',
  'repeatActionProbability',
  'maxFramesPerEpisode',
  'frameSkip',
  'rewardMin',
  'rewardMax',
  'truncateOnLossOfLife',
  'colorAveraging',
  'sound',
] as const;

export type Setting = (typeof settings)[number];
