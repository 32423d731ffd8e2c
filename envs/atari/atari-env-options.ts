import type { EnvMetadata } from 'gym-js';
import { requireFlag, requireKnown, requireOneOf, requireProbability, requireWhole } from '../ranges.ts';

/** How AtariEnv plays and shows a game; names and defaults are those of ale-py's AtariEnv. */
export interface AtariEnvOptions {
  /** Any usual name. */
  game: string;
  /** One of the game's modes and difficulties; its own default if left out. */
  mode?: number | undefined;
  difficulty?: number | undefined;
  /** (height, width, 3) colours, (height, width) gray, or the console's 128 bytes. Default rgb. */
  obsType?: 'rgb' | 'grayscale' | 'ram' | undefined;
  /** Frames per step, from 1; or drawn for each step from `low` up to, but without, `high`. Default 4. */
  frameskip?: number | readonly [low: number, high: number] | undefined;
  /** Probability, 0..1, that a frame repeats the action before. Default 0.25. */
  repeatActionProbability?: number | undefined;
  /** All 18 actions instead of those that the game uses. */
  fullActionSpace?: boolean | undefined;
  /** Actions are radius, angle and button of a stick; the radius turns paddles. */
  continuous?: boolean | undefined;
  /** From where on a stick counts as pushed, 0..1. Default 0.5. */
  continuousActionThreshold?: number | undefined;
  /** Frames after which an episode is truncated; 0, as if left out, for never. */
  maxNumFramesPerEpisode?: number | undefined;
  renderMode?: 'rgb_array' | undefined;
  /** Observations have an `image` and the `sound` of the last frame. */
  soundObs?: boolean | undefined;
}

type Optional = 'mode' | 'difficulty' | 'renderMode';

/** The options with their defaults. */
export type AtariEnvSettings = {
  readonly [K in Exclude<keyof AtariEnvOptions, Optional>]-?: NonNullable<AtariEnvOptions[K]>;
} & {
  readonly [K in Optional]: AtariEnvOptions[K];
};

/** `renderFps` is ale-py's own number; a step of 4 frames takes a fifteenth of a second of the console's time. */
export const atariMetadata: EnvMetadata = { renderModes: ['rgb_array'], renderFps: 30 };

/** @throws UserError that names the option that is unknown or out of range */
export function atariEnvSettings(options: AtariEnvOptions): AtariEnvSettings {
  const settings: AtariEnvSettings = {
    game: options.game,
    mode: options.mode,
    difficulty: options.difficulty,
    obsType: options.obsType ?? 'rgb',
    frameskip: options.frameskip ?? 4,
    repeatActionProbability: options.repeatActionProbability ?? 0.25,
    fullActionSpace: options.fullActionSpace ?? false,
    continuous: options.continuous ?? false,
    continuousActionThreshold: options.continuousActionThreshold ?? 0.5,
    maxNumFramesPerEpisode: options.maxNumFramesPerEpisode ?? 0,
    renderMode: options.renderMode,
    soundObs: options.soundObs ?? false,
  };
  requireKnown('AtariEnv', options, Object.keys(settings));
  requireOneOf('obsType', settings.obsType, ['rgb', 'grayscale', 'ram']);
  requireOneOf('renderMode', settings.renderMode, ['rgb_array', undefined]);
  requireProbability('repeatActionProbability', settings.repeatActionProbability);
  requireProbability('continuousActionThreshold', settings.continuousActionThreshold);
  requireWhole('maxNumFramesPerEpisode', settings.maxNumFramesPerEpisode, 0, 1_000_000_000);
  for (const name of ['fullActionSpace', 'continuous', 'soundObs'] as const) requireFlag(name, settings[name]);
  checkFrameskip(settings.frameskip);
  return settings;
}

function checkFrameskip(frameskip: AtariEnvSettings['frameskip']): void {
  if (!Array.isArray(frameskip)) return requireWhole('frameskip', frameskip as number, 1, 1000);
  const [low, high] = frameskip as readonly [number, number];
  requireWhole('the lower end of frameskip', low, 1, 999);
  requireWhole('the upper end of frameskip', high, low + 1, 1000);
}
