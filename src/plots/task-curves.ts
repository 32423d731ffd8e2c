import * as Plot from '@observablehq/plot';
import type { EvaluationLine } from '../runs/task-lines.ts';
import { color } from '../view/palette.ts';
import { shortNumber } from '../text/words.ts';
import { band, bandMarks, type Curve } from './bands.ts';
import { type Chart, Sheet } from './sheet.ts';
import type { Arm } from '../tables/task-arms.ts';

/** Pixels. */
const height = 260;
/** Where a logarithmic axis ends: a smaller figure is nothing more than float32's rounding. */
const floor = 1e-6;

/** The figure of a task that its curves show. */
interface CurveFigure {
  readonly metric: string;
  readonly words: string;
  readonly scale?: number;
  readonly logarithmic?: boolean;
  /** Of the axis; as the curves need, if not given. */
  readonly domain?: readonly [number, number];
  /** What a network reaches that has learned nothing. */
  readonly chance?: number;
}

const accuracy: CurveFigure = {
  metric: 'accuracy',
  words: 'accuracy, in percent',
  scale: 100,
  chance: 10,
  domain: [0, 100],
};

export const curveFigures: Readonly<Record<string, CurveFigure>> = {
  copying: {
    ...{ metric: 'lastTen', words: 'cross-entropy of the last ten symbols, in nats' },
    ...{ logarithmic: true, chance: Math.log(8) },
  },
  adding: { metric: 'squaredError', words: 'mean squared error of the sum', logarithmic: true, chance: 1 / 6 },
  'sequential-mnist': accuracy,
  'sequential-cifar': accuracy,
  'bouncing-balls': { metric: 'nextFrame', words: 'cross-entropy of the next frame, in nats' },
  'language-model': { metric: 'perplexity', words: 'perplexity of a word' },
};

/**
 * What networks reach while they learn, a chart for each set on which they are evaluated: mean over seeds and their
 * range, by epoch where the task has data, else by update. As SVG.
 */
export function taskCurvesPicture(arms: readonly Arm[], figure: CurveFigure): string {
  const evaluations = arms.flatMap(({ runs }) => runs.flatMap((run) => run.evaluations));
  const sets = [...new Set(evaluations.flatMap((line) => Object.keys(line.sets)))];
  const byEpoch = evaluations.every(({ epoch }) => epoch !== undefined);
  const sheet = new Sheet();
  const chance = figure.chance === undefined ? '' : '; dashed: nothing learned';
  sheet.title(`While learning: ${figure.words}`);
  const evens = arms.every(({ runs }) => new Set(runs.map((run) => run.evaluations.length)).size === 1);
  const ended = evens ? '' : '; dotted: the others, where a seed has ended';
  sheet.note(`mean and range of seeds, a dot where the last of them stands${ended}${chance}`);
  sheet.legend(arms.map(({ name, runs }) => `${name} (${runs.length} ${runs.length === 1 ? 'seed' : 'seeds'})`));
  sheet.charts(
    sets.map((set): Chart => ({ name: set, options: curveChart(arms, set, figure, byEpoch) })),
    height,
  );
  return sheet.toSvg();
}

function curveChart(arms: readonly Arm[], set: string, figure: CurveFigure, byEpoch: boolean): Plot.PlotOptions {
  const { logarithmic = false, chance, domain } = figure;
  const curve = (evaluations: readonly EvaluationLine[]): Curve =>
    evaluations.flatMap((line) => {
      const value = line.sets[set]?.metrics[figure.metric];
      if (typeof value !== 'number') return [];
      const y = value * (figure.scale ?? 1);
      return [{ x: (byEpoch ? line.epoch : line.update) ?? 0, y: logarithmic ? Math.max(y, floor) : y }];
    });
  return {
    x: { label: byEpoch ? 'epochs' : 'updates', ticks: 6, tickFormat: shortNumber, zero: true },
    y: {
      label: null,
      grid: true,
      nice: true,
      ...(domain && { domain }),
      ...(logarithmic ? { type: 'log', tickFormat: ',~g', ticks: 5 } : {}),
    },
    marginTop: 12,
    marks: [
      ...(chance === undefined ? [] : [Plot.ruleY([chance], { stroke: '#555', strokeDasharray: '5 4' })]),
      ...arms.flatMap(({ runs }, i) => {
        const curves = runs.map((run) => curve(run.evaluations));
        const points = band(curves);
        const firstEnd = Math.min(...curves.map((one) => one.at(-1)?.x ?? Infinity));
        const others = points.filter(({ x }) => x >= firstEnd);
        return [
          ...bandMarks(
            points.filter(({ x }) => x <= firstEnd),
            i,
          ),
          ...(others.length > 1
            ? [Plot.lineY(others, { x: 'x', y: 'mean', stroke: color(i), strokeDasharray: '1 3' })]
            : []),
          Plot.dot(points.slice(-1), { x: 'x', y: 'mean', fill: color(i), r: 3.5 }),
        ];
      }),
    ],
  };
}
