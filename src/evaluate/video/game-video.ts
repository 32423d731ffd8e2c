import type { RenderFrame } from 'gym-js';
import { pixelsOf } from '../../plots/picture-file.ts';
import { color } from '../../view/palette.ts';
import { escaped } from '../../text/words.ts';
import type { VideoFrames } from './mp4.ts';

/** Pixels: how often a pixel of the screen is drawn, the panel beside it, a step in its strips, their places. */
const scale = 2;
const panel = { width: 240, left: 34, top: 64, bottom: 8, step: 2, gap: 2, name: 13 } as const;
/** Steps that a strip shows; the newest is its right end. */
const shownSteps = (panel.width - panel.left - 6) / panel.step;

/** What is told beside the pictures of a game. */
export interface Panel {
  /** Two lines above the strips. */
  readonly title: string;
  readonly subtitle: string;
  /** Modules of the core, 0 where it has none. */
  readonly modules: number;
  /** (steps, modules): 1 where a module was active. */
  readonly active: Uint8Array;
}

/** Pixels, each red, green, blue and 255 from its lowest byte on: little-endian, as `bytesOf` of bundles says. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

/**
 * A game as it was played: the screen before every step, and beside it which modules were active in that step and in
 * those before.
 * @param pictures the screen before each step, then that after the last; they are the caller's to close
 */
export async function gameVideo(
  pictures: AsyncIterator<RenderFrame>,
  framesPerSecond: number,
  beside: Panel,
): Promise<VideoFrames> {
  const first = await pictures.next();
  if (first.done) throw new RangeError('a game without steps');
  const screen = first.value.width * scale;
  const size = { width: screen + panel.width, height: first.value.height * scale };
  const background = pixelsIn(await pixelsOf(panelPicture(size.height, beside)));

  async function* frames(): AsyncGenerator<Uint8Array> {
    const canvas = { ...size, pixels: new Uint32Array(size.width * size.height) };
    for (let y = 0; y < size.height; y++)
      canvas.pixels.set(background.subarray(y * panel.width, (y + 1) * panel.width), y * size.width + screen);
    const steps = beside.active.length / beside.modules;
    let step = 0;
    for (let picture = first; !picture.done; picture = await pictures.next()) {
      drawScreen(canvas, picture.value);
      drawStrips(canvas, screen, beside, Math.min(step, steps - 1));
      yield new Uint8Array(canvas.pixels.buffer);
      step += 1;
    }
  }
  return { ...size, framesPerSecond, frames: frames() };
}

function panelPicture(height: number, { title, subtitle, modules }: Panel): string {
  const strip = stripHeight(height, modules);
  const named = Math.ceil(panel.name / strip); // every so many: all where there is room
  const rows = Array.from({ length: modules }, (_, module) => {
    if (module % named !== 0) return '';
    const y = stripTop(height, modules, module) + strip / 2 + 4;
    return `<text x="${panel.left - 8}" y="${y}" text-anchor="end">${module}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${panel.width}" height="${height}" `,
    'font-family="DejaVu Sans" font-size="12">',
    '<rect width="100%" height="100%" fill="white"/>',
    `<text x="10" y="20" font-weight="bold">${escaped(title)}</text><text x="10" y="38">${escaped(subtitle)}</text>`,
    modules > 0 ? `<text x="10" y="56" fill="#666">active modules, newest step right</text>` : '',
    ...rows,
    '</svg>',
  ].join('');
}

/** Rows share the height below the titles, but none is higher than 24 pixels; of many one may be less than a pixel. */
function stripHeight(height: number, modules: number): number {
  return Math.min(24, (height - panel.top - panel.bottom) / modules);
}

function stripTop(height: number, modules: number, module: number): number {
  return panel.top + Math.floor(module * stripHeight(height, modules));
}

function drawScreen({ width: row, pixels }: Canvas, { data, width, height }: RenderFrame): void {
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const color = pixel(data[at] as number, data[at + 1] as number, data[at + 2] as number);
      drawBox(pixels, row, { x: x * scale, y: y * scale, width: scale, height: scale }, color);
    }
}

function drawStrips({ width, height, pixels }: Canvas, left: number, { active, modules }: Panel, step: number): void {
  const drawn = Math.max(1, Math.floor(stripHeight(height, modules)) - panel.gap);
  for (let module = 0; module < modules; module++) {
    const fill = pixelOf(color(module));
    const y = stripTop(height, modules, module);
    for (let back = 0; back < shownSteps && back <= step; back++) {
      const isActive = active[(step - back) * modules + module] === 1;
      const x = left + panel.left + (shownSteps - 1 - back) * panel.step;
      drawBox(pixels, width, { x, y, width: panel.step, height: drawn }, isActive ? fill : blank);
    }
  }
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** @param row pixels in a row of the picture */
function drawBox(pixels: Uint32Array, row: number, { x, y, width, height }: Box, color: number): void {
  for (let line = y; line < y + height; line++) pixels.fill(color, line * row + x, line * row + x + width);
}

function pixel(red: number, green: number, blue: number): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

const blank = pixel(238, 238, 238);

/** Of a colour such as #1f77b4. */
function pixelOf(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return pixel(red, green, blue);
}

/** Of bytes in RGBA, wherever they lie. */
function pixelsIn(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}
