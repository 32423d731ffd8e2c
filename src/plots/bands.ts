import * as Plot from '@observablehq/plot';
import { max, mean, min } from 'simple-statistics';
import { color } from '../view/palette.ts';

/** A curve of one seed: points by growing x. */
export type Curve = readonly { readonly x: number; readonly y: number }[];

/** Over seeds at one x. */
export interface BandPoint {
  readonly x: number;
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Mean and range over seeds at every x that any of them has; where some have ended, over the others. */
export function band(seeds: readonly Curve[]): BandPoint[] {
  const at = new Map<number, number[]>();
  for (const { x, y } of seeds.flat()) at.set(x, [...(at.get(x) ?? []), y]);
  return [...at]
    .sort(([a], [b]) => a - b)
    .map(([x, values]) => ({
      x,
      mean: mean(values),
      lowest: min(values),
      highest: max(values),
    }));
}

/** The line of the means, and behind it the range, in the colour of arm number `index`. */
export function bandMarks(points: readonly BandPoint[], index: number): Plot.Markish[] {
  return [
    Plot.areaY(points, { x: 'x', y1: 'lowest', y2: 'highest', fill: color(index), fillOpacity: 0.2 }),
    Plot.lineY(points, { x: 'x', y: 'mean', stroke: color(index), strokeWidth: 1.8 }),
  ];
}
