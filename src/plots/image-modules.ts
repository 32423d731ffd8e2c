import * as Plot from '@observablehq/plot';
import type { ImageSample } from '../tasks/samples.ts';
import { Sheet } from './sheet.ts';
import { modulePieces, moduleRows, pieces, timeline } from './timeline.ts';

/** Pixels. */
const heights = { row: 17, axis: 40 };
/** Of the maps: all of them side by side, the gap between two as a share of one, and what stands above and below. */
const panes = { width: 696, gap: 0.08, above: 24, below: 6 };
/** Of a pixel that is read while a module is active, and while it is not: blank and full. */
const tints = {
  active: [
    [158, 202, 225],
    [8, 48, 107],
  ],
  idle: [
    [244, 244, 244],
    [136, 136, 136],
  ],
} as const;

type Rgb = readonly [number, number, number];

/**
 * Modules over an image that is read pixel by pixel, above the pixels; then the image, and for each module where in it
 * the module was active. As SVG.
 */
export function imageModulesPicture(sample: ImageSample, task: string, name: string): string {
  const { size, target, probabilities, active } = sample;
  const said = probabilities.indexOf(Math.max(...probabilities));
  const pixels = colours(sample);
  const rows = [...moduleRows(active), 'pixels'];
  const sheet = new Sheet();
  sheet.title(`${task}: modules, dark where active, over the pixels`);
  sheet.note(`${name}; the class is ${target}, said was ${said}`);
  sheet.charts(
    [{ options: timeline(rows, [...modulePieces(active), ...pieces('pixels', pixels.map(hex))], [0, size * size]) }],
    rows.length * heights.row + heights.axis,
  );
  sheet.title('The image, and where in it each module was active: blue');
  const side = (panes.width / rows.length) * (1 - panes.gap);
  sheet.charts([{ options: maps(sample, pixels) }], side + panes.above + panes.below);
  return sheet.toSvg();
}

function maps({ size, active }: ImageSample, pixels: readonly Rgb[]): Plot.PlotOptions {
  const names = ['image', ...moduleRows(active)];
  const cells = names.flatMap((pane, i) =>
    pixels.map((pixel, step) => ({
      ...{ pane, x: step % size, y: Math.floor(step / size) },
      fill: hex(i === 0 ? pixel : tint(pixel, Boolean(active[step]?.[i - 1]))),
    })),
  );
  return {
    ...{ marginLeft: 12, marginRight: 12, marginTop: panes.above, marginBottom: panes.below },
    fx: { domain: names, label: null, padding: panes.gap, axis: 'top' },
    x: { domain: [0, size], axis: null },
    y: { domain: [size, 0], axis: null },
    color: { type: 'identity' },
    marks: [
      Plot.frame({ stroke: '#bbb' }),
      Plot.rect(cells, {
        ...{ fx: 'pane', fill: 'fill', shapeRendering: 'crispEdges' },
        ...{ x1: 'x', x2: ({ x }: { x: number }) => x + 1, y1: 'y', y2: ({ y }: { y: number }) => y + 1 },
      }),
    ],
  };
}

/** Of each pixel. One channel is ink on white, three are red, green and blue. */
function colours({ inputs, channels, levels }: ImageSample): Rgb[] {
  const level = (at: number): number => (255 * (inputs[at] ?? 0)) / (levels - 1);
  return Array.from({ length: inputs.length / channels }, (_, i) => {
    const first = i * channels;
    const ink = 255 - level(first);
    return channels === 3 ? [level(first), level(first + 1), level(first + 2)] : [ink, ink, ink];
  });
}

function tint([red, green, blue]: Rgb, isActive: boolean): Rgb {
  const ink = 1 - (red + green + blue) / (3 * 255);
  const [blank, full] = isActive ? tints.active : tints.idle;
  return [0, 1, 2].map((i) => (1 - ink) * (blank[i] as number) + ink * (full[i] as number)) as unknown as Rgb;
}

function hex(rgb: Rgb): string {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}
