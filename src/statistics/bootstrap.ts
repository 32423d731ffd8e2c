import type { Random } from '../../agents/random.ts';
import type { Interval } from './interval.ts';

export interface BootstrapOptions {
  readonly random: Random;
  /** How often the runs are drawn anew. rliable has 50,000, and 2,000 for profiles and curves. */
  readonly repetitions?: number;
  /** Share of the drawn figures inside the interval, between 0 and 1. */
  readonly confidence?: number;
}

/**
 * Intervals of one or several figures by the stratified bootstrap (Agarwal et al. 2021): for every stratum as many runs
 * as it has are drawn from it, with replacement, and the figures are computed of what was drawn; between the
 * percentiles of these lies the interval. With few runs intervals are too narrow: of two runs of one game there are
 * but three different draws.
 * @param strata runs that are drawn among each other: of each game, or of each arm and game. A run is a score, or a
 * curve of them.
 * @param figures computes K figures from strata of the same form
 * @returns K intervals
 * @throws RangeError if a stratum is empty, or a figure of what was drawn is not a number
 */
export function bootstrapIntervals<Run>(
  strata: readonly (readonly Run[])[],
  figures: (strata: readonly (readonly Run[])[]) => readonly number[],
  { random, repetitions = 10_000, confidence = 0.95 }: BootstrapOptions,
): Interval[] {
  const empty = strata.findIndex(({ length }) => length === 0);
  if (empty >= 0) throw new RangeError(`stratum ${empty} of ${strata.length} has no runs`);
  const estimates = figures(strata);
  const drawn = estimates.map(() => new Float64Array(repetitions));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const resampled = strata.map((runs) => runs.map(() => runs[random.integer(runs.length)] as Run));
    for (const [k, value] of figures(resampled).entries()) (drawn[k] as Float64Array)[repetition] = value;
  }
  return estimates.map((estimate, k) => {
    const sorted = (drawn[k] as Float64Array).sort();
    if (Number.isNaN(sorted.at(-1))) throw new RangeError(`figure ${k} of some of the drawn runs is not a number`);
    return {
      estimate,
      low: percentile(sorted, (1 - confidence) / 2),
      high: percentile(sorted, (1 + confidence) / 2),
    };
  });
}

/** The interval of one figure; see {@link bootstrapIntervals}. */
export function bootstrapInterval<Run>(
  strata: readonly (readonly Run[])[],
  figure: (strata: readonly (readonly Run[])[]) => number,
  options: BootstrapOptions,
): Interval {
  const [interval] = bootstrapIntervals(strata, (drawn) => [figure(drawn)], options);
  return interval as Interval;
}

/** Of sorted values, interpolated linearly between neighbours, as NumPy does. @param share between 0 and 1 */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}
