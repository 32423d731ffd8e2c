import { requireWhole } from '../ranges.ts';
import { UserError } from '../user-error.ts';

/** How a game is played and shown. Every default is what the field trains with; sources at each. */
export interface AtariOptions {
  /** Probability, 0..1, that a frame repeats the action before (Machado et al. 2018, who advise 0.25). */
  sticky: number;
  /** A game begins with 1 to this many frames without action, 0 for none (Mnih et al. 2015). */
  noops: number;
  /** Emulated frames per agent step, 1..60 (Mnih et al. 2015). */
  frameSkip: number;
  /** Newest frames in one observation, 1..16 (Mnih et al. 2015). */
  stack: number;
  /** A lost life ends the learning episode; the game goes on (OpenAI Baselines). */
  lifeLoss: boolean;
  /** The learner gets the sign of the reward (Mnih et al. 2015). */
  rewardClip: boolean;
  /** All 18 actions instead of those that the game uses (Machado et al. 2018). */
  fullActionSet: boolean;
  /** Emulated frames, no-ops included, after which a game is cut; half an hour (Machado et al. 2018). */
  frameCap: number;
}

export const atariDefaults: Readonly<AtariOptions> = {
  sticky: 0,
  noops: 30,
  frameSkip: 4,
  stack: 4,
  lifeLoss: true,
  rewardClip: true,
  fullActionSet: false,
  frameCap: 108_000,
};

/** Height and width of a frame in pixels. */
export const frameSide = 84;
/** Pixels of one frame, one byte each. */
export const framePixels = frameSide * frameSide;

/**
 * The options with defaults for those left out or undefined.
 * @throws UserError that names the one out of range
 */
export function atariOptions(given: Partial<AtariOptions>): AtariOptions {
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: AtariOptions = { ...atariDefaults, ...named };
  const { sticky } = options;
  if (!(sticky >= 0 && sticky <= 1))
    throw new UserError(`sticky ${sticky} is out of range; give a probability, 0 to 1`);
  requireWhole('noops', options.noops, 0, 1000);
  requireWhole('frameSkip', options.frameSkip, 1, 60);
  requireWhole('stack', options.stack, 1, 16);
  requireWhole('frameCap', options.frameCap, 1, 1_000_000_000);
  return options;
}

/** The version of ALE that the recipe is made of. */
export function aleVersion(): string {
  return '0.12.1';
}

/** The recipe in one line, for every result: two scores compare only where these lines are equal. */
export function recipe({
  sticky,
  noops,
  frameSkip,
  stack,
  lifeLoss,
  rewardClip,
  fullActionSet,
  frameCap,
}: AtariOptions): string {
  const pooled = frameSkip > 1 ? `max of the gray of the last 2 of ${frameSkip} frames` : 'gray of every frame';
  return [
    `ALE ${aleVersion()}: ${pooled}, INTER_AREA to ${frameSide}x${frameSide}`,
    `stack ${stack} from zeros`,
    noops > 0 ? `1-${noops} no-op frames` : 'no no-ops',
    `sticky ${sticky}`,
    lifeLoss ? 'life loss ends the learning episode, the game goes on' : 'episodes are whole games',
    rewardClip ? 'sign of the reward' : 'plain reward',
    fullActionSet ? 'all 18 actions' : 'minimal actions',
    `cap ${frameCap} frames`,
  ].join('; ');
}
