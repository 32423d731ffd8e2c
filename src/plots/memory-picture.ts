import * as Plot from '@observablehq/plot';
import { color } from '../view/palette.ts';
import { memoryCurve, memoryGrowth, type MemoryPoint } from '../report/memory-growth.ts';
import type { RunData } from '../report/run-data.ts';
import { line, Sheet, stepAxis } from './sheet.ts';

/** Pixels. */
const height = 300;

/** Resident memory of all runs in one chart, with dots between which growth is measured. As SVG. */
export function memoryPicture(runs: readonly RunData[]): string {
  const sheet = new Sheet();
  sheet.title('Resident memory of the process; growth is measured between the dots');
  sheet.legend(runs.map(({ name }) => name));
  sheet.charts([{ options: memoryChart(runs) }], height);
  return sheet.toSvg();
}

function memoryChart(runs: readonly RunData[]): Plot.PlotOptions {
  const mebibytes = ({ bytes }: MemoryPoint): number => bytes / 2 ** 20;
  const curves = runs.map(({ metrics, resumes }) => {
    const points = memoryCurve(metrics);
    const growth = memoryGrowth(metrics, resumes);
    const ends = points.filter(({ agentStep }) => agentStep === growth?.fromStep || agentStep === growth?.toStep);
    return { points, ends };
  });
  return {
    x: stepAxis,
    y: { label: 'MiB', grid: true, zero: true, nice: true },
    marks: [
      ...curves.map(({ points }, i) => line(points, mebibytes, i)),
      ...curves.map(({ ends }, i) => Plot.dot(ends, { x: 'agentStep', y: mebibytes, fill: color(i), r: 3.5 })),
    ],
  };
}
