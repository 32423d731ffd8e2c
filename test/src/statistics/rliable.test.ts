import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Random } from '../../../agents/random.ts';
import {
  interquartileMean,
  meanScore,
  medianScore,
  optimalityGap,
  performanceProfile,
  probabilityOfImprovement,
  type Scores,
} from '../../../src/statistics/aggregates.ts';
import { bootstrapIntervals } from '../../../src/statistics/bootstrap.ts';
import type { Interval } from '../../../src/statistics/interval.ts';
import { pythonEnvironment } from '../../bench/peers/python.ts';

/** [estimate, low, high] each. */
type Figures = [number, number, number][];
type Answer = Record<'aggregates' | 'improvement' | 'profile' | 'curve', Figures>;

const here = (name: string): string => fileURLToPath(new URL(`../../peers/${name}`, import.meta.url));
const repetitions = 4000;
const thresholds = [0, 0.25, 0.5, 1, 2, 4];

test('figures equal those of rliable on the same scores, intervals within what the bootstrap draws', async () => {
  const python = await pythonEnvironment(
    { name: 'rliable', minorVersion: 11, requirements: here('rliable-requirements.txt'), bare: ['rliable==1.0.8'] },
    { say: () => undefined, signal: new AbortController().signal },
  );
  const random = new Random(3);
  // Human-normalised scores are often skewed, and equal ones are common: both are among these.
  const drawn = (games: number, runs: number): number[][] =>
    Array.from({ length: games }, (_, game) =>
      Array.from({ length: runs }, () => Math.round(10 * Math.exp(random.normal()) * (0.3 + game / 3)) / 10),
    );
  const x = drawn(4, 7);
  const y = drawn(4, 5);
  const curves = drawn(4, 7).map((runs) => runs.map((last) => [0, last / 2, last]));
  const given = {
    ...{ x: transposed(x), y: transposed(y), curves: transposed(curves) },
    thresholds,
    repetitions,
    seed: 1,
  };
  const answer = JSON.parse(
    execFileSync(python, [here('rliable_scores.py')], { input: JSON.stringify(given) }).toString(),
  ) as Answer;

  const options = { random: new Random(4), repetitions };
  const aggregates = [meanScore, medianScore, interquartileMean, optimalityGap];
  const figuresOf = (scores: Scores): number[] => aggregates.map((aggregate) => aggregate(scores));
  agree('aggregates', bootstrapIntervals(x, figuresOf, options), answer.aggregates);
  agree(
    'improvement',
    bootstrapIntervals([...x, ...y], (all) => [probabilityOfImprovement(all.slice(0, 4), all.slice(4))], options),
    answer.improvement,
  );
  agree(
    'profile',
    bootstrapIntervals(x, (scores) => performanceProfile(scores, thresholds), options),
    answer.profile,
  );
  agree(
    'curve',
    bootstrapIntervals(
      curves,
      (runs) => [0, 1, 2].map((i) => interquartileMean(runs.map((game) => game.map((points) => points[i] as number)))),
      options,
    ),
    answer.curve,
  );
});

/** Figures to rounding, bounds within a tenth of the interval's width: five deviations of a percentile of 4,000. */
function agree(what: string, ours: readonly Interval[], theirs: Figures): void {
  assert.equal(ours.length, theirs.length);
  for (const [i, { estimate, low, high }] of ours.entries()) {
    const [figure, from, to] = theirs[i] as Figures[number];
    assert.ok(
      Math.abs(estimate - figure) <= 1e-12 * Math.max(1, Math.abs(figure)),
      `${what} ${i}: ${estimate}, ${figure}`,
    );
    const near = (to - from) / 10 + 1e-12;
    assert.ok(
      Math.abs(low - from) <= near && Math.abs(high - to) <= near,
      `${what} ${i}: ${low}, ${high}; ${from}, ${to}`,
    );
  }
}

function transposed<T>(rows: readonly (readonly T[])[]): T[][] {
  return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] as T));
}
