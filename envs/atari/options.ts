import { requireFlag, requireKnown, requireOneOf, requireProbability, requireWhole } from '../ranges.ts';
import { UserError } from '../user-error.ts';

/** How a game is played and shown, by the names of Gymnasium and ale-py. Defaults: what the field trains with. */
export interface AtariOptions {
  /** Probability, 0..1, that a frame repeats the action before: sticky actions (Machado et al. 2018 advise 0.25). */
  repeatActionProbability: number;
  /** A game begins with at most so many frames without action, 0 for none (Mnih et al. 2015). */
  noopMax: number;
  /** Each episode begins with FIRE in games that have it; how, see {@link Seeding} (OpenAI Baselines). */
  fireReset: boolean;
  /** Emulated frames per agent step, 1..60 (Mnih et al. 2015). */
  frameSkip: number;
  /** A frame shows at each place the brighter of the last two, or else the last alone (Mnih et al. 2015). */
  maxPool: boolean;
  /** Side of a frame, or its width and height, in pixels; at most the screen's: 160 by 210, in some games more. */
  screenSize: number | readonly [width: number, height: number];
  /** Gray, or else red, green and blue. */
  grayscale: boolean;
  /** Newest frames in one observation, 1..16 (Mnih et al. 2015). */
  stackNum: number;
  /** A lost life ends the learning episode; the game goes on (OpenAI Baselines). */
  terminalOnLifeLoss: boolean;
  /** What the learner gets of the reward: its sign (Mnih et al. 2015), what lies in -1..1 (ale-py), or all (false). */
  rewardClip: 'sign' | 'range' | false;
  /** All 18 actions instead of those that the game uses (Machado et al. 2018). */
  fullActionSpace: boolean;
  /** Emulated frames, no-ops included, after which a game is cut, 0 for never; half an hour (Machado et al. 2018). */
  maxNumFramesPerEpisode: number;
  /** One of the game's modes; its own default if left out. */
  mode?: number | undefined;
  /** One of the game's difficulties; its own default if left out. */
  difficulty?: number | undefined;
  seeding: Seeding;
}

/**
 * Whose rule makes games of a seed, by which the same seed gives the same games as there. `gymnasium`: AtariEnv under
 * AtariPreprocessing; 1 to noopMax no-ops; `fireReset` as in Stable-Baselines3. `ale`: AtariVectorEnv; 0 to noopMax - 1
 * frames, of which FIRE is the first.
 */
export type Seeding = 'gymnasium' | 'ale';

export const atariDefaults: Readonly<AtariOptions> = {
  repeatActionProbability: 0,
  noopMax: 30,
  fireReset: false,
  frameSkip: 4,
  maxPool: true,
  screenSize: 84,
  grayscale: true,
  stackNum: 4,
  terminalOnLifeLoss: true,
  rewardClip: 'sign',
  fullActionSpace: false,
  maxNumFramesPerEpisode: 108_000,
  mode: undefined,
  difficulty: undefined,
  seeding: 'gymnasium',
};

/** What the recipe can be told. */
export const atariOptionNames = Object.keys(atariDefaults) as (keyof AtariOptions)[];

/**
 * The options with defaults for those left out or undefined.
 * @param what takes them, and `others` beside them: for the error about one that is unknown
 * @throws UserError that names the one that is unknown, out of range or of another type
 */
export function atariOptions(
  given: Partial<AtariOptions>,
  what = 'the Atari recipe',
  others: readonly string[] = [],
): AtariOptions {
  requireKnown(what, given, [...others, ...atariOptionNames]);
  const named = atariOptionNames.map((name) => [name, given[name] ?? atariDefaults[name]]);
  const options = Object.fromEntries(named) as unknown as AtariOptions;
  requireProbability('repeatActionProbability', options.repeatActionProbability);
  requireWhole('noopMax', options.noopMax, 0, 1000);
  requireWhole('frameSkip', options.frameSkip, 1, 60);
  requireWhole('stackNum', options.stackNum, 1, 16);
  requireWhole('maxNumFramesPerEpisode', options.maxNumFramesPerEpisode, 0, 1_000_000_000);
  requireScreenSize(options.screenSize);
  for (const name of ['fireReset', 'maxPool', 'grayscale', 'terminalOnLifeLoss', 'fullActionSpace'] as const) {
    requireFlag(name, options[name]);
  }
  requireOneOf('rewardClip', options.rewardClip, ['sign', 'range', false]);
  requireOneOf('seeding', options.seeding, ['gymnasium', 'ale']);
  return options;
}

function requireScreenSize(size: AtariOptions['screenSize']): void {
  const sides = Array.isArray(size) ? (size as readonly number[]) : [size as number];
  if (sides.length !== 2 && Array.isArray(size)) {
    throw new UserError(`screenSize [${sides.join(', ')}] is no size; give a side, or [width, height]`);
  }
  for (const side of sides) requireWhole('screenSize', side, 1, 250);
}

/** Width and height of a frame in pixels. */
export function frameSize({ screenSize }: AtariOptions): readonly [width: number, height: number] {
  return typeof screenSize === 'number' ? [screenSize, screenSize] : screenSize;
}

/** Bytes per pixel of a frame: 1 of gray, 3 of RGB. */
export function frameChannels({ grayscale }: AtariOptions): number {
  return grayscale ? 1 : 3;
}

/** Shape of an observation: height, width, channels; the newest frame is the last of the channels. */
export function observationShape(options: AtariOptions): [height: number, width: number, channels: number] {
  const [width, height] = frameSize(options);
  return [height, width, frameChannels(options) * options.stackNum];
}

/** Bytes of an observation. */
export function observationBytes(options: AtariOptions): number {
  return observationShape(options).reduce((product, side) => product * side, 1);
}
