import { max, median } from 'simple-statistics';

/** Which updates count. The rule is the same for all: see {@link rule}. */
export interface Window {
  /** First updates that do not count: caches fill, memory is claimed, clocks settle. */
  readonly warmup: number;
  /** Most updates that count. */
  readonly updates: number;
  /** No further update is begun after so many seconds that count, once {@link fewest} have been made. */
  readonly seconds: number;
}

/** Updates that count even of a program that takes longer for them. */
export const fewest = 2;

/** The rule in words. */
export function rule({ warmup, updates, seconds }: Window): string {
  return (
    `agent steps of the updates after the first ${warmup}, until ${updates} are made or ${seconds} s have passed, ` +
    `but ${fewest} at least, over the seconds between the ends of the last update that does not count and the last ` +
    'that does, as this program sees them'
  );
}

/** Whether a training has made all updates that count. @param updateSeconds when each update ended */
export function hasEnough(updateSeconds: readonly number[], { warmup, updates, seconds }: Window): boolean {
  const made = updateSeconds.length - warmup;
  const spent = (updateSeconds.at(-1) ?? 0) - (updateSeconds[warmup - 1] ?? 0);
  return made >= updates || (made >= fewest && spent >= seconds);
}

/**
 * Steps per second over the updates that count, those after the warm-up.
 * @param updateSeconds when each update ended, in seconds on any clock
 * @throws RangeError if none counts
 */
export function steadyRate(updateSeconds: readonly number[], warmup: number, stepsPerUpdate: number): number {
  const begin = updateSeconds[warmup - 1];
  const end = updateSeconds.at(-1);
  const counted = updateSeconds.length - warmup;
  if (begin === undefined || end === undefined || counted < 1)
    throw new RangeError(`${updateSeconds.length} updates are too few for a warm-up of ${warmup}`);
  return (counted * stepsPerUpdate) / (end - begin);
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
  readonly rounds: number[];
}

/** Ratios of two contestants' rates, round by round. Throws RangeError if the rounds are not the same. */
export function ratio(ours: readonly number[], theirs: readonly number[]): Ratio {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} rounds against ${theirs.length}`);
  const rounds = ours.map((rate, round) => rate / (theirs[round] ?? NaN));
  return { best: spread(ours).best / spread(theirs).best, median: spread(rounds).median, rounds };
}
