import * as Plot from '@observablehq/plot';
import { bandMarks } from '../../plots/bands.ts';
import { shareCurve } from '../../report/module-shares.ts';
import { type Chart, line, Sheet, stepAxis } from '../../plots/sheet.ts';
import type { Interval } from '../../statistics/interval.ts';
import { color } from '../../view/palette.ts';
import type { ComparisonReport, ReportedArm } from './schema.ts';
import type { ComparedArm } from '../run-set.ts';

/** Pixels. */
const heights = { curve: 280, intervals: 46, intervalRow: 26, shares: 150 };
const [characterWidth, longestName] = [6.8, 24];
/** Most runs whose modules are drawn. */
const drawnRuns = 8;

/** An arm's figures beside each other's, each with its interval. */
export function intervalsPicture(report: ComparisonReport): string {
  const { arms, games } = report;
  const chart = (name: string, of: (arm: ReportedArm) => Interval | undefined): Chart => {
    const points = arms.flatMap((arm, i) => {
      const found = of(arm);
      return found ? [{ name: arm.name.slice(0, longestName), ...found, fill: color(i) }] : [];
    });
    const longest = Math.max(...points.map(({ name }) => name.length));
    return {
      name,
      options: {
        ...{ marginLeft: 20 + longest * characterWidth, marginTop: 8, marginBottom: 26 },
        x: { label: null, grid: true, ticks: 4, nice: true },
        y: { type: 'band', label: null, domain: points.map(({ name }) => name), tickSize: 0 },
        marks: [
          Plot.barX(points, {
            x1: 'low',
            x2: 'high',
            y: 'name',
            fill: 'fill',
            fillOpacity: 0.35,
            insetTop: 5,
            insetBottom: 5,
          }),
          Plot.tickX(points, { x: 'estimate', y: 'name', stroke: 'black', strokeWidth: 2 }),
        ],
      },
    };
  };
  const overall = arms.every(({ aggregates }) => aggregates)
    ? [
        chart('IQM', ({ aggregates }) => aggregates?.iqm),
        ...(games.length > 1 ? [chart('median over games', ({ aggregates }) => aggregates?.median)] : []),
        chart('mean', ({ aggregates }) => aggregates?.mean),
        ...(arms.every(({ aggregates }) => aggregates?.optimalityGap)
          ? [chart('optimality gap (less is better)', ({ aggregates }) => aggregates?.optimalityGap ?? undefined)]
          : []),
      ]
    : [];
  const each = games.map((game, g) => chart(`IQM in ${game}`, (arm) => arm.games[g]?.iqm));
  const sheet = new Sheet();
  sheet.title('Figures with 95 % intervals');
  sheet.charts(
    games.length > 1 ? [...overall, ...each] : overall,
    heights.intervals + arms.length * heights.intervalRow,
  );
  return sheet.toSvg();
}

/** How scores grow with agent steps: IQM over runs, and its interval as a band. */
export function curvesPicture({ arms, curves }: ComparisonReport): string {
  const sheet = new Sheet();
  sheet.title('While learning: mean score of the last 100 games');
  sheet.note('IQM over runs and its 95 % interval');
  sheet.legend(arms.map(({ name }) => name));
  const games = [...new Set(curves.map(({ game }) => game))];
  sheet.charts(
    games.map((game): Chart => {
      const own = curves.filter((curve) => curve.game === game);
      const marks = own.flatMap(({ points }, i) =>
        bandMarks(
          points.map(({ agentStep, ...y }) => banded(agentStep, y)),
          i,
        ),
      );
      const y = { label: null, grid: true, nice: true };
      return { name: game ?? 'all games, scaled', options: { x: { ...stepAxis, ticks: 5 }, y, marginTop: 12, marks } };
    }),
    heights.curve,
  );
  return sheet.toSvg();
}

/** The share of an arm's runs that score more than each threshold. */
export function profilesPicture({ arms, scale }: ComparisonReport): string {
  const sheet = new Sheet();
  sheet.title('Performance profiles: share of runs with more than a score');
  sheet.note('an arm whose curve lies above another’s is ahead at every score; 95 % bands');
  sheet.legend(arms.map(({ name }) => name));
  const marks = arms.flatMap(({ profile }, i) =>
    bandMarks(
      profile.map(({ threshold, ...y }) => banded(threshold, y)),
      i,
    ),
  );
  const x = { label: scale === 'human' ? 'human-normalised score' : 'score', ticks: 8 };
  sheet.charts(
    [{ options: { x, y: { label: null, domain: [0, 1], grid: true }, marginTop: 12, marks } }],
    heights.curve,
  );
  return sheet.toSvg();
}

/** Each module's share of steps over time, of the runs that have modules; undefined without any. */
export function modulesPicture(arms: readonly ComparedArm[]): string | undefined {
  const all = arms
    .flatMap(({ name, runs }) => runs.map((run) => ({ ...run, name: `${name}, ${run.game}, seed ${run.seed}` })))
    .map((run) => ({ ...run, shares: shareCurve(run.episodes) }))
    .filter(({ shares }) => shares.length > 0)
    .sort((a, b) => a.seed - b.seed);
  if (all.length === 0) return undefined;
  const runs = all.slice(0, drawnRuns);
  const most = Math.max(...runs.map(({ shares }) => shares[0]?.shares.length ?? 0));
  const sheet = new Sheet();
  const some = all.length > runs.length ? ` (${runs.length} of ${all.length} runs)` : '';
  sheet.title(`Share of steps in which each module was active${some}`);
  sheet.legend(Array.from({ length: most }, (_, module) => `module ${module}`));
  const x = { ...stepAxis, label: null, ticks: 4, domain: [0, Math.max(...runs.map(({ agentSteps }) => agentSteps))] };
  const y = { label: null, domain: [0, 1], ticks: 5, grid: true };
  sheet.charts(
    runs.map(({ name, shares }): Chart => {
      const modules = shares[0]?.shares ?? [];
      const marks = modules.map((_, module) => line(shares, (point) => point.shares[module], module));
      return { name, options: { x, y, marginTop: 8, marginBottom: 26, marks } };
    }),
    heights.shares,
  );
  return sheet.toSvg();
}

function banded(x: number, { estimate, low, high }: Interval) {
  return { x, mean: estimate, lowest: low, highest: high };
}
