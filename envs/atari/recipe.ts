import { type AtariOptions, frameSize } from './options.ts';

/**
 * The recipe in one line, for every result: two scores compare only where these lines are equal.
 * @param aleVersion version of the ALE that plays, such as '0.12.1'
 */
export function recipe(options: AtariOptions, aleVersion: string): string {
  const { stackNum, repeatActionProbability, terminalOnLifeLoss, fullActionSpace, maxNumFramesPerEpisode } = options;
  const { mode, difficulty } = options;
  return [
    `ALE ${aleVersion}: ${frames(options)}, INTER_AREA to ${frameSize(options).join('x')}`,
    `stack ${stackNum} from zeros`,
    start(options),
    `sticky ${repeatActionProbability}`,
    terminalOnLifeLoss ? 'life loss ends the learning episode, the game goes on' : 'episodes are whole games',
    reward(options),
    fullActionSpace ? 'all 18 actions' : 'minimal actions',
    maxNumFramesPerEpisode === 0 ? 'no cap' : `cap ${maxNumFramesPerEpisode} frames`,
    ...(mode === undefined ? [] : [`mode ${mode}`]),
    ...(difficulty === undefined ? [] : [`difficulty ${difficulty}`]),
  ].join('; ');
}

function frames({ frameSkip, maxPool, grayscale }: AtariOptions): string {
  const colours = grayscale ? 'gray' : 'RGB';
  if (frameSkip === 1) return `${colours} of every frame`;
  return maxPool
    ? `max of the ${colours} of the last 2 of ${frameSkip} frames`
    : `${colours} of the last of ${frameSkip} frames`;
}

function start({ noopMax, fireReset, seeding }: AtariOptions): string {
  const fire = fireReset ? ', FIRE' : '';
  if (seeding === 'ale')
    return `0-${Math.max(0, noopMax - 1)} frames${fireReset ? ' of FIRE and no-ops' : ''} (AtariVectorEnv)`;
  return (noopMax > 0 ? `1-${noopMax} no-op frames` : 'no no-ops') + fire;
}

function reward({ rewardClip }: AtariOptions): string {
  if (rewardClip === 'sign') return 'sign of the reward';
  return rewardClip === 'range' ? 'reward clipped to -1..1' : 'plain reward';
}
