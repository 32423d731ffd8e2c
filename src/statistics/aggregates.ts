import { mean, median, sum } from 'simple-statistics';

/**
 * Scores of one arm, game by game: `scores[game][run]`. Games may have different numbers of runs; none may be without.
 * The statistics are those of Agarwal et al. 2021 (arXiv 2108.13264) and of their library rliable, which has the runs
 * first and the same number for every game.
 */
export type Scores = readonly (readonly number[])[];

/** Mean over games of the mean over runs. */
export function meanScore(scores: Scores): number {
  return mean(scores.map((runs) => mean([...runs])));
}

/** Median over games of the mean over runs. */
export function medianScore(scores: Scores): number {
  return median(scores.map((runs) => mean([...runs])));
}

/**
 * Mean of the middle half of all runs of all games: a quarter of them, rounded down, is left out at either end.
 * Steadier than the mean where a few runs stand out, and better founded than the median, which looks at one or two.
 */
export function interquartileMean(scores: Scores): number {
  const all = scores.flat().sort((a, b) => a - b);
  const cut = Math.floor(all.length / 4);
  return mean(all.slice(cut, all.length - cut));
}

/**
 * How far the runs fall short of a score that is wanted, on average; what is above it does not count.
 * @param wanted for human-normalised scores 1, which is a human's
 */
export function optimalityGap(scores: Scores, wanted = 1): number {
  const all = scores.flat();
  return wanted - sum(all.map((score) => Math.min(score, wanted))) / all.length;
}

/**
 * How likely a run of `x` has a higher score than one of `y` in the same game, mean over games; a tie counts half. This
 * is the U of Mann and Whitney, divided by the number of pairs. Above 0.5 `x` is ahead.
 */
export function probabilityOfImprovement(x: Scores, y: Scores): number {
  return mean(
    x.map((ofX, game) => {
      const ofY = y[game] as readonly number[];
      const won = ofX.flatMap((a) => ofY.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
      return mean(won);
    }),
  );
}

/** For each threshold the mean over games of the share of a game's runs whose score is above it. */
export function performanceProfile(scores: Scores, thresholds: readonly number[]): number[] {
  return thresholds.map((threshold) =>
    mean(scores.map((runs) => runs.filter((score) => score > threshold).length / runs.length)),
  );
}
