import { coreWidth, networkSize } from '../../agents/network-size.ts';
import { Random } from '../../agents/random.ts';
import {
  interquartileMean,
  meanScore,
  medianScore,
  optimalityGap,
  performanceProfile,
  probabilityOfImprovement,
  type Scores,
} from '../statistics/aggregates.ts';
import { bootstrapInterval, bootstrapIntervals } from '../statistics/bootstrap.ts';
import type { Interval } from '../statistics/interval.ts';
import { curvesOf } from './curves.ts';
import { moduleActivity } from './module-activity.ts';
import type { ComparisonReport, Cost, ReportedArm } from './report/schema.ts';
import { type ComparedArm, type ComparedRun, gamesIn, ownSettings, trainingScore } from './run-set.ts';
import { type Scaling, scalingOf } from './scaling.ts';
import { type Judged, verdict } from './verdict.ts';

/**
 * Seed of every bootstrap, fixed so that the same scores give the same report. Each figure begins with it anew: another
 * arm in the report changes no interval of the others.
 */
const seed = 1;
const newRandom = (): Random => new Random(seed);
/** Draws of the bootstrap. */
const repetitions = 10_000;
/** Draws for a performance profile, as many as rliable makes. */
const profileRepetitions = 2000;
/** Points of a performance profile. */
const profilePoints = 101;

type Compared = Pick<
  ComparisonReport,
  'scale' | 'games' | 'steps' | 'bootstrap' | 'verdict' | 'arms' | 'improvement' | 'curves'
>;

/**
 * All figures of a comparison, from the runs' scores.
 * @param arms two at least, with runs of all games each @param scoreOf of a run, as its game gives it
 * @param costs of the arms by name, if they were measured
 */
export function compared(
  arms: readonly ComparedArm[],
  scoreOf: (run: ComparedRun) => number,
  costs: ReadonlyMap<string, Cost>,
): Compared {
  const games = gamesIn(arms);
  const scoresOf = (arm: ComparedArm, of: Scaling['of']): number[][] =>
    games.map((game) => arm.runs.filter((run) => run.game === game).map((run) => of(game, scoreOf(run))));
  const scaling = scalingOf(
    games,
    arms.flatMap(({ runs }) => runs.map(({ options }) => options)),
  );
  const scaled = arms.map((arm) => scoresOf(arm, scaling.of));
  const human = arms.map((arm) => scaling.human && scoresOf(arm, scaling.human));
  const thresholds = profileThresholds(scaled);
  const settings = differingSettings(arms);
  const reported = arms.map((arm, i): ReportedArm => {
    const own = scaled[i] as Scores;
    return {
      ...{ name: arm.name, core: arm.core, settings: settings[i] ?? {}, ...sizeOf(arm) },
      runs: arm.runs.map((run) => {
        const { path, game, seed } = run;
        const score = scoreOf(run);
        const training = trainingScore(run);
        return { path, game, seed, score, training, scaled: scaling.of(game, score) };
      }),
      games: scoresOf(arm, (_, score) => score).map((runs, g) => ({
        game: games[g] as string,
        iqm: bootstrapInterval([runs], interquartileMean, { random: newRandom(), repetitions }),
        mean: meanScore([runs]),
      })),
      aggregates: scaling.scale === 'none' ? null : aggregates(own, human[i]),
      profile:
        scaling.scale === 'none'
          ? []
          : bootstrapIntervals(own, (drawn) => performanceProfile(drawn, thresholds), {
              random: newRandom(),
              repetitions: profileRepetitions,
            }).map((interval, t) => ({ threshold: thresholds[t] as number, ...interval })),
      modules: arm.runs.flatMap(moduleActivity),
      cost: costs.get(arm.name) ?? null,
    };
  });
  const improvement = improvements(arms, scaled);
  return {
    ...{
      scale: scaling.scale,
      games,
      steps: Math.max(...(arms[0]?.runs.map(({ plannedSteps }) => plannedSteps) ?? [])),
    },
    bootstrap: { repetitions, confidence: 0.95, seed },
    verdict: judged(reported, scaled, improvement),
    ...{ arms: reported, improvement, curves: curvesOf(arms, games, scaling, newRandom) },
  };
}

/** @param human the same scores as human-normalised ones, of which 1 is wanted; of raw scores nobody says which is */
function aggregates(scores: Scores, human: Scores | undefined): ReportedArm['aggregates'] {
  const figures = [interquartileMean, medianScore, meanScore];
  const [iqm, median, mean] = bootstrapIntervals(scores, (drawn) => figures.map((figure) => figure(drawn)), {
    random: newRandom(),
    repetitions,
  });
  const gap = human
    ? bootstrapInterval(human, (drawn) => optimalityGap(drawn), { random: newRandom(), repetitions })
    : null;
  return { iqm: iqm as Interval, median: median as Interval, mean: mean as Interval, optimalityGap: gap };
}

/** Evenly spaced from the lowest to the highest score of all arms. */
function profileThresholds(scores: readonly Scores[]): number[] {
  const all = scores.flat(2);
  const [lowest, highest] = [Math.min(...all), Math.max(...all)];
  return Array.from({ length: profilePoints }, (_, i) => lowest + ((highest - lowest) * i) / (profilePoints - 1));
}

/** Of each pair of arms, both ways: the one is the other seen from the other side, ties counting half. */
function improvements(arms: readonly ComparedArm[], scaled: readonly Scores[]): ComparisonReport['improvement'] {
  const pairs = arms.flatMap((arm, i) =>
    arms.slice(i + 1).flatMap((over, k) => {
      const probability = improvementOf(scaled[i] as Scores, scaled[i + 1 + k] as Scores);
      return [
        { arm: arm.name, over: over.name, probability },
        { arm: over.name, over: arm.name, probability: fromTheOtherSide(probability) },
      ];
    }),
  );
  const place = new Map(arms.map(({ name }, i) => [name, i]));
  return pairs.sort((a, b) => (place.get(a.arm) ?? 0) - (place.get(b.arm) ?? 0));
}

function improvementOf(x: Scores, y: Scores): Interval {
  return bootstrapInterval(
    [...x, ...y],
    (drawn) => probabilityOfImprovement(drawn.slice(0, x.length), drawn.slice(x.length)),
    { random: newRandom(), repetitions },
  );
}

function fromTheOtherSide({ estimate, low, high }: Interval): Interval {
  return { estimate: 1 - estimate, low: 1 - high, high: 1 - low };
}

/** The two best arms: by IQM, or, where there is none of all games, by how probably they improve on the others. */
function judged(
  arms: readonly ReportedArm[],
  scores: readonly Scores[],
  improvement: ComparisonReport['improvement'],
): ComparisonReport['verdict'] {
  const worth = (i: number): number => {
    const arm = arms[i] as ReportedArm;
    if (arm.aggregates) return arm.aggregates.iqm.estimate;
    return improvement.reduce((sum, { arm: of, probability }) => sum + (of === arm.name ? probability.estimate : 0), 0);
  };
  const [first, second] = arms.map((_, i) => i).sort((a, b) => worth(b) - worth(a)) as [number, number];
  const asJudged = (i: number): Judged => ({
    name: (arms[i] as ReportedArm).name,
    iqm: arms[i]?.aggregates?.iqm,
    runs: (scores[i] as Scores).map((runs) => runs.length),
  });
  const [leader, next] = [asJudged(first), asJudged(second)];
  const found = improvement.find(({ arm, over }) => arm === leader.name && over === next.name);
  return verdict(leader, next, found?.probability as Interval);
}

/** Of the network in the first game. */
function sizeOf({ runs: [first] }: ComparedArm): Pick<ReportedArm, 'parameters' | 'multiplyAdds' | 'width'> {
  const { agent, config } = first as ComparedRun;
  const size = networkSize(agent);
  return { parameters: config.parameters, multiplyAdds: size.multiplyAdds, width: coreWidth(agent) };
}

/** Per arm the settings that not all arms have alike; the core stands in the name. */
function differingSettings(arms: readonly ComparedArm[]): Record<string, unknown>[] {
  const all = arms.map(({ runs }) => (runs[0] ? ownSettings(runs[0]) : {}));
  return all.map((own) =>
    Object.fromEntries(
      Object.entries(own).filter(([key, value]) => key !== 'core' && all.some((other) => other[key] !== value)),
    ),
  );
}
