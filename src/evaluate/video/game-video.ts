import type { RenderFrame } from 'gym-js';
import type { AtariOptions } from '../../../envs/atari/index.ts';
import { color } from '../../view/palette.ts';
import { pixelsOf } from '../../plots/picture-file.ts';
import { escaped } from '../../view/words.ts';
import { gamePictures } from './game-pictures.ts';
import type { RecordedGame } from '../play.ts';
import type { VideoFrames } from './mp4.ts';

/** Pixels: how often a pixel of the screen is drawn, the panel beside it, a step in its strips, their places. */
const scale = 2;
const panel = { width: 240, left: 34, top: 64, step: 2 } as const;
/** Steps that a strip shows; the newest is its right end. */
const shownSteps = (panel.width - panel.left - 6) / panel.step;

/** What a video is of. */
export interface GameVideo {
  readonly game: string;
  readonly options: AtariOptions;
  readonly played: RecordedGame;
  /** Modules of the core, 0 where it has none. */
  readonly modules: number;
  /** Two lines above the strips. */
  readonly title: string;
  readonly subtitle: string;
}

/**
 * A game as it was played: the screen before every step, and beside it which modules were active in that step and in
 * those before.
 */
export async function gameVideo({ game, options, played, modules, title, subtitle }: GameVideo): Promise<VideoFrames> {
  const pictures = gamePictures(game, options, played);
  const first = await pictures.next();
  if (first.done) throw new RangeError('a game without steps');
  const { width, height } = first.value;
  const size = { width: width * scale + panel.width, height: height * scale };
  const background = await pixelsOf(panelPicture(size.height, { modules, title, subtitle }));

  async function* frames(): AsyncGenerator<Uint8Array> {
    const frame = new Uint8Array(size.width * size.height * 4).fill(255);
    drawPanel(frame, size.width, width * scale, background);
    let step = 0;
    let picture = first;
    while (!picture.done) {
      drawScreen(frame, size.width, picture.value);
      drawStrips(frame, size, width * scale, played.active, modules, Math.min(step, played.steps - 1));
      yield frame;
      step += 1;
      picture = await pictures.next();
    }
  }
  return { ...size, framesPerSecond: 60 / options.frameSkip, frames: frames() };
}

function panelPicture(height: number, { modules, title, subtitle }: Pick<GameVideo, 'modules' | 'title' | 'subtitle'>) {
  const rows = Array.from({ length: modules }, (_, module) => {
    const y = stripTop(height, modules, module) + stripHeight(height, modules) / 2 + 4;
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

/** Rows share the height below the titles, but none is higher than 24 pixels. */
function stripHeight(height: number, modules: number): number {
  return Math.min(24, Math.floor((height - panel.top - 8) / modules));
}

function stripTop(height: number, modules: number, module: number): number {
  return panel.top + module * stripHeight(height, modules);
}

function drawScreen(frame: Uint8Array, frameWidth: number, { data, width, height }: RenderFrame): void {
  for (let y = 0; y < height * scale; y++)
    for (let x = 0; x < width * scale; x++) {
      const from = (Math.floor(y / scale) * width + Math.floor(x / scale)) * 3;
      const to = (y * frameWidth + x) * 4;
      for (let channel = 0; channel < 3; channel++) frame[to + channel] = data[from + channel] as number;
    }
}

function drawPanel(frame: Uint8Array, frameWidth: number, left: number, background: Uint8Array): void {
  const bytes = panel.width * 4;
  for (let y = 0; y * bytes < background.length; y++)
    frame.set(background.subarray(y * bytes, (y + 1) * bytes), (y * frameWidth + left) * 4);
}

function drawStrips(
  frame: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  left: number,
  active: Uint8Array,
  modules: number,
  step: number,
): void {
  for (let module = 0; module < modules; module++) {
    const fill = bytesOf(color(module));
    const top = stripTop(height, modules, module);
    for (let back = 0; back < shownSteps && back <= step; back++) {
      const isActive = active[(step - back) * modules + module] === 1;
      const x = left + panel.left + (shownSteps - 1 - back) * panel.step;
      const box = { x, y: top, width: panel.step, height: stripHeight(height, modules) - 2 };
      drawBox(frame, width, box, isActive ? fill : blank);
    }
  }
}

const blank = [238, 238, 238] as const;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawBox(frame: Uint8Array, frameWidth: number, box: Box, [red, green, blue]: readonly number[]): void {
  for (let y = box.y; y < box.y + box.height; y++)
    for (let x = box.x; x < box.x + box.width; x++)
      frame.set([red as number, green as number, blue as number, 255], (y * frameWidth + x) * 4);
}

/** Of a colour such as #1f77b4. */
function bytesOf(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}
