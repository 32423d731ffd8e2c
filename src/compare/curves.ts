import type { Random } from '../../agents/random.ts';
import { valueAt } from '../report/learning-curve.ts';
import { interquartileMean } from '../statistics/aggregates.ts';
import { bootstrapIntervals } from '../statistics/bootstrap.ts';
import type { ReportedCurve } from './report/schema.ts';
import type { ComparedArm, ComparedRun } from './run-set.ts';
import type { Scaling } from './scaling.ts';

/** Steps of a curve. */
const points = 50;
/** Draws of the bootstrap, as many as rliable makes for curves. */
const repetitions = 2000;

/**
 * Sample efficiency: how the arms' scores grow with agent steps, as IQM over runs with its interval at each of fifty
 * steps. Of each game as it scores; and, where a scale holds for all of several games, of all together.
 */
export function curvesOf(
  arms: readonly ComparedArm[],
  games: readonly string[],
  { scale, of }: Scaling,
  newRandom: () => Random,
): ReportedCurve[] {
  const ofGames = games.flatMap((game) =>
    arms.map((arm) => ({ arm: arm.name, game, points: curve(arm, [game], (_, score) => score, newRandom) })),
  );
  if (games.length === 1 || scale === 'none') return ofGames;
  return [...arms.map((arm) => ({ arm: arm.name, game: null, points: curve(arm, games, of, newRandom) })), ...ofGames];
}

function curve(
  { runs }: ComparedArm,
  games: readonly string[],
  of: Scaling['of'],
  newRandom: () => Random,
): ReportedCurve['points'] {
  const own = runs.filter(({ game }) => games.includes(game));
  const end = Math.min(...own.map(({ agentSteps, plannedSteps }) => Math.min(agentSteps, plannedSteps)));
  const wanted = Array.from({ length: points }, (_, i) => Math.round(((i + 1) * end) / points));
  const scores = new Map(own.map((run) => [run, wanted.map((step) => valueAt(run.curve, step))]));
  // Where a run has not finished a game yet there is no score of the arm either.
  const known = [...wanted.keys()].filter((i) => own.every((run) => scores.get(run)?.[i] !== null));
  const steps = known.map((i) => wanted[i] as number);
  const values = (run: ComparedRun): number[] => known.map((i) => of(run.game, scores.get(run)?.[i] as number));
  const strata = games.map((game) => own.filter((run) => run.game === game).map(values));
  const intervals = bootstrapIntervals(
    strata,
    (drawn) => steps.map((_, i) => interquartileMean(drawn.map((runs) => runs.map((run) => run[i] as number)))),
    { random: newRandom(), repetitions },
  );
  return intervals.map((interval, i) => ({ agentStep: steps[i] as number, ...interval }));
}
