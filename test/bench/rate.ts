import { max, median } from 'simple-statistics';

/** Which updates count. The rule is the same for all: see {@link rule}. */
export interface Window {
  /** First updates that do not count: caches fill, memory is claimed, clocks settle. */
  readonly warmup: number;
  /** Updates that count. */
  readonly updates: number;
}

/** The rule in words. */
export function rule({ warmup, updates }: Window): string {
  return (
    `agent steps of updates ${warmup + 1} to ${warmup + updates}, over the seconds between the ends of updates ` +
    `${warmup} and ${warmup + updates} as this program sees them; start-up and the first updates do not count`
  );
}

/**
 * Steps per second over the updates that count.
 * @param updateSeconds when each update ended, in seconds on any clock
 * @throws RangeError if there were fewer updates than the window needs
 */
export function steadyRate(
  updateSeconds: readonly number[],
  { warmup, updates }: Window,
  stepsPerUpdate: number,
): number {
  const begin = updateSeconds[warmup - 1];
  const end = updateSeconds[warmup + updates - 1];
  if (begin === undefined || end === undefined)
    throw new RangeError(`${updateSeconds.length} updates are too few for ${warmup} + ${updates}`);
  return (updates * stepsPerUpdate) / (end - begin);
}

/** A list of numbers, one per round, in two. */
export interface Spread {
  readonly best: number;
  readonly median: number;
}

/** Largest and median. Throws if there are none. */
export function spread(values: readonly number[]): Spread {
  return { best: max([...values]), median: median([...values]) };
}

/**
 * How many times as fast: best to best, and the median of the ratios within each round, which
 * a slow minute of the machine moves least.
 */
export interface Ratio extends Spread {
  readonly rounds: readonly number[];
}

/** Ratios of two contestants' rates, round by round. Throws RangeError if the rounds are not the same. */
export function ratio(ours: readonly number[], theirs: readonly number[]): Ratio {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} rounds against ${theirs.length}`);
  const rounds = ours.map((rate, round) => rate / (theirs[round] ?? NaN));
  return { best: spread(ours).best / spread(theirs).best, median: spread(rounds).median, rounds };
}
