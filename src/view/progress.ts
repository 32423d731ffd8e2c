import type { ActivationStatistics } from '../runs/index.ts';
import { duration, grouped, score } from './words.ts';

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

/** A piece of a line in one style. A number as style is the colour of that module. */
export interface Span {
  readonly text: string;
  readonly style?: 'bold' | 'dim' | 'bar' | number;
}
export type Line = readonly Span[];

/** Characters of a bar: reached, and not yet. */
export const barCharacters = { full: '━', empty: '─' } as const;

const longestColumn = 12;

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
  const percent = ` ${Math.floor(done * 100)} %`.padStart(6);
  const left = speed ? duration((totalSteps - agentStep) / speed) : '–';
  const fact = (name: string, value: string): Span[] => [
    { text: `${name} `, style: 'dim' },
    { text: value, style: 'bold' },
  ];
  const lines: Line[] = [
    [{ text: title, style: 'bold' }],
    [...bar(done, Math.max(width - percent.length, 1), 'bar'), { text: percent }],
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

/** One bar per module; from 13 modules on in several columns. */
function moduleLines(shares: readonly number[], width: number): Line[] {
  const columns = Math.ceil(shares.length / longestColumn);
  const rows = Math.ceil(shares.length / columns);
  const cell = Math.floor(width / columns);
  const number = `${shares.length - 1}`.length;
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => column * rows + row)
      .filter((module) => module < shares.length)
      .flatMap((module) => {
        const share = shares[module] ?? 0;
        const name = ` ${`${module}`.padStart(number)} `;
        const value = ` ${share.toFixed(2)}`;
        return [{ text: name }, ...bar(share, Math.max(cell - name.length - value.length, 1), module), { text: value }];
      }),
  );
}

function bar(part: number, width: number, style: 'bar' | number): Span[] {
  const full = Math.round(Math.min(Math.max(part, 0), 1) * width);
  return [
    { text: barCharacters.full.repeat(full), style },
    { text: barCharacters.empty.repeat(width - full), style: 'dim' },
  ];
}

/** A line that fits: one that the terminal had to wrap would shift all below it. */
function cropped(line: Line, width: number): Line {
  let left = width;
  return line.map((span) => {
    const text = span.text.slice(0, left);
    left -= text.length;
    return { ...span, text };
  });
}

/** Agent steps per second over the newest half minute of training. */
export class Speedometer {
  #samples: { agentStep: number; seconds: number }[] = [];

  /**
   * Takes a sample. Returns the speed: after the first, which has none before it to compare with, the last update's.
   */
  add({ agentStep, seconds, stepsPerSecond }: Progress): number | null {
    this.#samples.push({ agentStep, seconds });
    while (this.#samples.length > 2 && seconds - (this.#samples[1]?.seconds ?? seconds) >= 30) this.#samples.shift();
    const [first] = this.#samples;
    return first && seconds > first.seconds
      ? (agentStep - first.agentStep) / (seconds - first.seconds)
      : stepsPerSecond;
  }
}
