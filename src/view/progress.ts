import type { ActivationStatistics } from '../activation/forms.ts';
import { cropped, fact, type Line, moduleLines, progressBar, type Span } from './blocks.ts';
import { duration, grouped, score } from '../text/words.ts';

/** What stands at the head of the view and does not change. */
export interface Heading {
  /** Such as "Breakout · rim · seed 1". */
  readonly title: string;
  /** The run folder. */
  readonly path: string;
  /** Agent steps of the whole run. */
  readonly totalSteps: number;
}

/** How far a run is. */
export interface Progress {
  readonly agentStep: number;
  /** Seconds of training. */
  readonly seconds: number;
  /** Games finished. */
  readonly games: number;
  /** Mean score of the last 100 games; null before the first has ended. */
  readonly meanScore: number | null;
  /** Agent steps per second of the last update. */
  readonly stepsPerSecond: number | null;
  /** Of the last update's steps. */
  readonly activation?: ActivationStatistics | undefined;
}

/**
 * The live view as lines of at most `width` characters.
 * @param speed agent steps per second, or null if not known
 */
export function progressLines(
  { title, path, totalSteps }: Heading,
  progress: Progress,
  speed: number | null,
  width: number,
): Line[] {
  const { agentStep, seconds, games, meanScore } = progress;
  const shares = moduleShares(progress);
  const done = Math.min(agentStep / totalSteps, 1);
  const left = speed ? duration((totalSteps - agentStep) / speed) : '–';
  const lines: Line[] = [
    [{ text: title, style: 'bold' }],
    progressBar(done, width),
    [
      ...fact('agent steps', `${grouped(agentStep)} of ${grouped(totalSteps)}`),
      ...fact('   steps/s', speed === null ? '–' : grouped(speed)),
    ],
    [...fact('time left', left), ...fact('   so far', duration(seconds)), ...fact('   games', grouped(games))],
    fact('mean score of the last 100 games', score(meanScore)),
  ];
  if (shares) {
    const explanation: Span = { text: 'share of steps in which each module was active', style: 'dim' };
    lines.push([], [explanation], ...moduleLines(shares, width));
  }
  lines.push([], [{ text: path, style: 'dim' }]);
  return lines.map((line) => cropped(line, width));
}

/** The same in one line without style, for output that is no terminal. */
export function progressText({ totalSteps }: Heading, progress: Progress, speed: number | null): string {
  const { agentStep, games, meanScore } = progress;
  const shares = moduleShares(progress);
  return [
    `${grouped(agentStep)} of ${grouped(totalSteps)} agent steps`,
    ...(speed ? [`${grouped(speed)} steps/s`, `${duration((totalSteps - agentStep) / speed)} left`] : []),
    `${grouped(games)} games`,
    `mean score of the last 100 ${score(meanScore)}`,
    ...(shares ? [`modules active ${shares.map((share) => share.toFixed(2)).join(' ')}`] : []),
  ].join(', ');
}

/** The share of the last update's steps in which each module was active; undefined for a core without modules. */
function moduleShares({ activation }: Progress): readonly number[] | undefined {
  return activation && 'shares' in activation ? activation.shares : undefined;
}
