import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { color } from '../view/palette.ts';
import { escaped } from '../view/words.ts';
import type { CurvePoint, SharesPoint } from './learning-curve.ts';

/** A run as it is drawn. */
export interface DrawnRun {
  readonly name: string;
  readonly curve: readonly CurvePoint[];
  /** Empty where the core has no modules. */
  readonly shares: readonly SharesPoint[];
}

/** A horizontal line to compare with, such as a random policy's score. */
export interface Reference {
  readonly name: string;
  readonly score: number;
}

/** Pixels. */
const width = 720;
const heights = { curve: 360, shares: 180, title: 26, legend: 20, margin: 10 };
const style = { fontFamily: 'DejaVu Sans, Verdana, Helvetica, sans-serif', fontSize: '12px', background: 'white' };
/** Points that a line is thinned to: more are not seen. */
const drawnPoints = 600;

/**
 * Learning curves of all runs in one chart; below it, for each run of modules, a
 * chart of their shares over time. As SVG.
 */
export function curvePicture(runs: readonly DrawnRun[], references: readonly Reference[]): string {
  const parts: string[] = [];
  let y = heights.margin;
  const title = (text: string): void => {
    parts.push(`<text x="10" y="${y + 16}" font-weight="bold">${escaped(text)}</text>`);
    y += heights.title;
  };
  const legend = (names: readonly string[]): void => {
    const { rows, content } = legendRows(names, y);
    parts.push(content);
    y += rows * heights.legend;
  };
  const chart = (svg: string, height: number): void => {
    parts.push(svg.replace('<svg ', `<svg y="${y}" `));
    y += height + heights.margin;
  };
  title('Mean score of the last 100 games');
  legend(runs.map(({ name }) => name));
  chart(scoreChart(runs, references), heights.curve);
  for (const { name, shares } of runs.filter((run) => run.shares.length > 0)) {
    title(`Share of steps in which each module was active: ${name}`);
    legend((shares[0]?.shares ?? []).map((_, module) => `module ${module}`));
    chart(shareChart(shares), heights.shares);
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}"`,
    ` font-family="${style.fontFamily}" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n`,
    `${parts.join('\n')}\n</svg>\n`,
  ].join('');
}

function scoreChart(runs: readonly DrawnRun[], references: readonly Reference[]): string {
  return plotted({
    height: heights.curve,
    x: { label: 'agent steps', ...stepAxis },
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
      ...runs.map(({ curve }, i) =>
        Plot.lineY(thinned(curve), { x: 'agentStep', y: 'meanScore', stroke: color(i), strokeWidth: 1.8 }),
      ),
    ],
  });
}

function shareChart(points: readonly SharesPoint[]): string {
  const modules = points[0]?.shares ?? [];
  return plotted({
    height: heights.shares,
    x: { label: 'agent steps', ...stepAxis },
    y: { label: 'share of steps', domain: [0, 1], grid: true },
    marks: modules.map((_, module) =>
      Plot.lineY(points, {
        x: 'agentStep',
        y: (point: SharesPoint) => point.shares[module],
        stroke: color(module),
        strokeWidth: 1.8,
      }),
    ),
  });
}

const stepAxis = { ticks: 6, tickFormat: shortNumber, zero: true, nice: true } as const;

/** 0, 500, 20k, 1.5M */
function shortNumber(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`;
  return value >= 1e3 ? `${value / 1e3}k` : `${value}`;
}

function plotted(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<html><body></body></html>');
  const figure = Plot.plot({
    width,
    marginLeft: 60,
    marginRight: 30,
    marginTop: 30,
    marginBottom: 42,
    style,
    document: document as unknown as Document,
    ...options,
  });
  return figure.outerHTML.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
}

/** Colours and names, in as many rows as the width asks for. */
function legendRows(names: readonly string[], top: number): { rows: number; content: string } {
  let [x, row] = [12, 0];
  const items = names.map((name, i) => {
    const wide = 30 + name.length * 7.2;
    if (x > 12 && x + wide > width) [x, row] = [12, row + 1];
    const y = top + row * heights.legend;
    const square = `<rect x="${x}" y="${y + 4}" width="10" height="10" fill="${color(i)}"/>`;
    const item = `${square}<text x="${x + 15}" y="${y + 13}">${escaped(name)}</text>`;
    x += wide;
    return item;
  });
  return { rows: row + 1, content: items.join('\n') };
}

/** At most about {@link drawnPoints} of the points, evenly chosen, the last among them. */
function thinned(curve: readonly CurvePoint[]): CurvePoint[] {
  const stride = Math.max(1, Math.ceil(curve.length / drawnPoints));
  return curve.filter((_, i) => (curve.length - 1 - i) % stride === 0);
}
