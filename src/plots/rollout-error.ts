import type * as Plot from '@observablehq/plot';
import { band, bandMarks } from './bands.ts';
import { type Chart, Sheet } from './sheet.ts';

/** Pixels. */
const height = 260;

/** What one kind of network does when it goes on by itself. */
export interface RolloutErrors {
  readonly name: string;
  /** By set: of each seed, the error of each rolled-out frame. */
  readonly sets: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/**
 * The error of each rolled-out frame, a chart for each set: mean of the seeds, and the band from the lowest to the
 * highest. As SVG.
 * @param seen true frames before the first rolled-out one
 * @param error what is measured, such as `cross-entropy (nats per frame)`
 */
export function rolloutErrorPicture(networks: readonly RolloutErrors[], seen: number, error: string): string {
  const sets = [...new Set(networks.flatMap((network) => Object.keys(network.sets)))];
  const sheet = new Sheet();
  sheet.title(`Error of rolled-out frames: ${error}; mean and range of seeds`);
  sheet.legend(networks.map(({ name }) => name));
  const charts = sets.map((set): Chart => ({ name: set, options: errorChart(networks, set, seen) }));
  sheet.charts(charts, height);
  return sheet.toSvg();
}

function errorChart(networks: readonly RolloutErrors[], set: string, seen: number): Plot.PlotOptions {
  return {
    x: { label: 'frame', ticks: 7 },
    y: { label: null, grid: true, zero: true, nice: true },
    marginTop: 12,
    marks: networks.flatMap(({ sets }, i) => {
      const seeds = (sets[set] ?? []).map((errors) => errors.map((y, step) => ({ x: seen + step + 1, y })));
      return bandMarks(band(seeds), i);
    }),
  };
}
