import type { Random } from '../../agents/random.ts';
import { valueAt } from '../plots/learning-curve.ts';
import { interquartileMean } from '../statistics/aggregates.ts';
import { bootstrapIntervals } from '../statistics/bootstrap.ts';
import type { ReportedCurve } from './report/schema.ts';
import type { ComparedArm, ComparedRun } from './run-set.ts';
import type { Scaling } from './scaling.ts';

const [points, repetitions] = [50, 2000];

/**
 * Sample efficiency: how the arms' scores grow with agent steps, as IQM over runs with its interval at each of fifty
 * steps. Of each game as it scores; and, where a scale holds for all of several games, of all together.
 */
export function curvesOf(
  arms: readonly ComparedArm[],
  games: readonly string[],
  { scale, of }: Scaling,
  random: Random,
): ReportedCurve[] {
  const ofGames = games.flatMap((game) =>
    arms.map((arm) => ({ arm: arm.name, game, points: curve(arm, [game], (_, score) => score, random) })),
  );
  if (games.length === 1 || scale === 'none') return ofGames;
  return [...arms.map((arm) => ({ arm: arm.name, game: null, points: curve(arm, games, of, random) })), ...ofGames];
}

function curve(
  { runs }: ComparedArm,
  games: readonly string[],
  of: Scaling['of'],
  random: Random,
): ReportedCurve['points'] {
  const own = runs.filter(({ game }) => games.includes(game));
  const end = Math.min(...own.map(({ agentSteps, plannedSteps }) => Math.min(agentSteps, plannedSteps)));
  // Where a run has not finished a game yet there is no score of the arm either.
  const steps = Array.from({ length: points }, (_, i) => Math.round(((i + 1) * end) / points)).filter((step) =>
    own.every((run) => valueAt(run.curve, step) !== null),
  );
  const values = (run: ComparedRun): number[] => steps.map((step) => of(run.game, valueAt(run.curve, step) as number));
  const strata = games.map((game) => own.filter((run) => run.game === game).map(values));
  const intervals = bootstrapIntervals(
    strata,
    (drawn) => steps.map((_, i) => interquartileMean(drawn.map((runs) => runs.map((run) => run[i] as number)))),
    { random, repetitions },
  );
  return intervals.map((interval, i) => ({ agentStep: steps[i] as number, ...interval }));
}
