import { type AtariOptions, atariPresets } from '../../envs/atari/index.ts';
import type { PpoOptions } from '../ppo/config.ts';

/** Which option of the Atari recipe a setting of a run gives. */
const optionOf = {
  sticky: 'repeatActionProbability',
  noops: 'noopMax',
  fireReset: 'fireReset',
  frameSkip: 'frameSkip',
  maxPool: 'maxPool',
  grayscale: 'grayscale',
  stack: 'stackNum',
  lifeLoss: 'terminalOnLifeLoss',
  rewardClip: 'rewardClip',
  fullActionSet: 'fullActionSpace',
  frameCap: 'maxNumFramesPerEpisode',
  mode: 'mode',
  difficulty: 'difficulty',
} as const satisfies Partial<Record<keyof PpoOptions, keyof AtariOptions>>;

/** The Atari recipe of a run. */
export function atariOptionsOf(settings: PpoOptions): Partial<AtariOptions> {
  const options = entries(optionOf).map(([setting, option]) => [option, settings[setting]] as const);
  const { rewardClip } = settings;
  return { ...Object.fromEntries(options), rewardClip: rewardClip === 'none' ? false : rewardClip };
}

/** What a preset sets, for whatever is not given beside it; what is given where there is no such preset. */
export function withPreset(given: Record<string, unknown>): Record<string, unknown> {
  const name = String(given.preset);
  if (!Object.hasOwn(atariPresets, name)) return given;
  const preset: Partial<AtariOptions> = atariPresets[name as keyof typeof atariPresets];
  const settings = entries(optionOf).filter(([, option]) => option in preset);
  return { ...Object.fromEntries(settings.map(([setting, option]) => [setting, preset[option]])), ...given };
}

/** Whether a setting is of the recipe of Atari, and of nothing else. */
export function isAtariSetting(setting: string): boolean {
  return setting === 'preset' || Object.hasOwn(optionOf, setting);
}

function entries<K extends string, V>(table: Record<K, V>): [K, V][] {
  return Object.entries(table) as [K, V][];
}
