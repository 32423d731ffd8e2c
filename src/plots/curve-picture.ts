import * as Plot from '@observablehq/plot';
import { color } from '../view/palette.ts';
import { type SharesPoint, shareCurve } from '../report/module-shares.ts';
import type { RunData } from '../report/run-data.ts';
import { briefNames } from '../report/run-names.ts';
import { type Chart, line, Sheet, stepAxis } from './sheet.ts';

/** A horizontal line to compare with, such as a random policy's score. */
export interface Reference {
  readonly name: string;
  readonly score: number;
}

/** Pixels. */
const heights = { scores: 360, shares: 180, oneOfMany: 130 };

/**
 * Learning curves of all runs in one chart, each with a dot where the run ends; below it, for each run of modules, a
 * chart of their shares over time. As SVG.
 */
export function curvePicture(runs: readonly RunData[], references: readonly Reference[]): string {
  const sheet = new Sheet();
  sheet.title('Mean score of the last 100 games');
  sheet.legend(runs.map(({ name }) => name));
  sheet.charts([{ options: scoreChart(runs, references) }], heights.scores);
  const shares = runs.map(({ episodes }) => shareCurve(episodes));
  const modules = Math.max(...shares.map(([first]) => first?.shares.length ?? 0));
  if (modules > 0) {
    sheet.title('Share of steps in which each module was active');
    sheet.legend(Array.from({ length: modules }, (_, module) => `module ${module}`));
    sheet.charts(shareCharts(runs, shares), runs.length > 1 ? heights.oneOfMany : heights.shares);
  }
  return sheet.toSvg();
}

function scoreChart(runs: readonly RunData[], references: readonly Reference[]): Plot.PlotOptions {
  const ends = runs.map(({ curve }) => curve.slice(-1));
  return {
    x: stepAxis,
    y: { label: 'score', grid: true, zero: true, nice: true },
    marks: [
      Plot.ruleY(references, { y: 'score', stroke: '#555', strokeDasharray: '5 4' }),
      Plot.text(references, {
        y: 'score',
        text: 'name',
        frameAnchor: 'right',
        textAnchor: 'end',
        dy: -8,
        fill: '#555',
      }),
      ...runs.map(({ curve }, i) => line(curve, ({ meanScore }) => meanScore, i)),
      ...ends.map((end, i) => Plot.dot(end, { x: 'agentStep', y: 'meanScore', fill: color(i), r: 3.5 })),
    ],
  };
}

/**
 * One chart for one run. Of several each is small, bears what tells it from the others, and leaves out what the one
 * of scores says above; all go over the same steps, so that a run that ends early is seen to.
 */
function shareCharts(runs: readonly RunData[], shares: readonly (readonly SharesPoint[])[]): Chart[] {
  const names = briefNames(runs.map(({ name }) => name));
  const domain = [0, Math.max(...runs.map(({ agentSteps }) => agentSteps))];
  return shares.flatMap((points, i): Chart[] => {
    const modules = points[0]?.shares ?? [];
    if (modules.length === 0) return [];
    const x = { ...stepAxis, domain };
    const y = { label: 'share of steps', domain: [0, 1], ticks: 5, grid: true };
    const marks = modules.map((_, module) => line(points, ({ shares }) => shares[module], module));
    if (runs.length === 1) return [{ options: { x, y, marks } }];
    const options = { x: { ...x, label: null, ticks: 4 }, y: { ...y, label: null }, marginTop: 8, marginBottom: 26 };
    return [{ name: names[i] ?? '', options: { ...options, marks } }];
  });
}
