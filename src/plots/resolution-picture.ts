import * as Plot from '@observablehq/plot';
import type { TaskRunData } from '../runs/task-runs.ts';
import type { PaperTable } from '../tables/paper-table.ts';
import { color } from '../view/palette.ts';
import { band, bandMarks, type Curve } from './bands.ts';
import { Sheet } from './sheet.ts';
import type { Arm } from '../tables/task-arms.ts';

/** Pixels. */
const height = 300;

/**
 * Accuracy on the test images against their side: networks chosen at the size they learned, and, beside the published
 * figures, those chosen as the paper does. Mean over seeds and their range. As SVG.
 * @param table the published figures
 */
export function resolutionPicture(arms: readonly Arm[], table: PaperTable): string {
  const published = table.rows.flatMap(({ name, published: given }) => {
    const points = table.columns.flatMap(({ set }, i): Curve => {
      const y = given?.cells[i];
      return typeof y === 'number' ? [{ x: sideOf(set), y }] : [];
    });
    return points.length > 0 ? [{ name: `${name}, published${given?.unverified ? ', unverified' : ''}`, points }] : [];
  });
  const ours = arms.flatMap(({ runs }) => runs.flatMap((run) => accuracies(run, () => true).map(({ x }) => x)));
  const sides = [...new Set([...table.columns.map(({ set }) => sideOf(set)), ...ours])].sort((a, b) => a - b);
  const sheet = new Sheet();
  sheet.title('Accuracy against resolution, in percent; mean and range of seeds; dotted: guessing');
  sheet.legend([...arms.map(({ name }) => name), ...published.map(({ name }) => name)]);
  sheet.charts(
    [
      { name: 'ours, chosen at the size learned', options: chart(sides, ownMarks(arms, isUsual)) },
      {
        name: "ours by the paper's selection; published dashed",
        options: chart(sides, [
          ...ownMarks(arms, (name) => !isUsual(name)),
          ...published.flatMap(({ points }, i) => {
            const at = { x: 'x', y: 'y', stroke: color(arms.length + i) };
            return [Plot.lineY(points, { ...at, strokeDasharray: '5 3', strokeWidth: 1.5 }), Plot.dot(points, at)];
          }),
        ]),
      },
    ],
    height,
  );
  return sheet.toSvg();
}

function isUsual(selection: string): boolean {
  return selection === 'validation';
}

function chart(sides: readonly number[], marks: Plot.Markish[]): Plot.PlotOptions {
  return {
    x: { label: 'side of the images', domain: [Math.min(...sides), Math.max(...sides)], ticks: sides },
    y: { label: null, domain: [0, 100], grid: true },
    marginTop: 12,
    marks: [Plot.ruleY([10], { stroke: '#555', strokeDasharray: '1 3' }), ...marks],
  };
}

function ownMarks(arms: readonly Arm[], wanted: (selection: string) => boolean): Plot.Markish[] {
  return arms.flatMap(({ runs }, i) => {
    const points = band(runs.map((run) => accuracies(run, wanted)));
    return [...bandMarks(points, i), Plot.dot(points, { x: 'x', y: 'mean', fill: color(i), r: 3 })];
  });
}

/** In percent, by side. */
function accuracies({ result }: TaskRunData, wanted: (selection: string) => boolean): Curve {
  const points = Object.entries(result?.selections ?? {})
    .filter(([name]) => wanted(name))
    .flatMap(([, { tests }]) =>
      Object.entries(tests).flatMap(([set, { metrics }]) => {
        const { accuracy } = metrics;
        return typeof accuracy === 'number' ? [{ x: sideOf(set), y: 100 * accuracy }] : [];
      }),
    );
  return points.sort((a, b) => a.x - b.x);
}

/** 16 of test-16. */
function sideOf(set: string): number {
  return Number(/\d+$/.exec(set)?.[0]);
}
