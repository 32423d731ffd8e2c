import type { Random } from '../../../agents/random.ts';
import { advance, type Ball } from './elastic-balls.ts';

// Binary videos of bouncing balls, as those of Sutskever, Hinton and Taylor 2008 and of van Steenkiste et al. 2018
// (arXiv 1802.10353), made from a generator: there is no file of them to load.

/** Pixels along a side of a frame, and of the box. */
export const side = 64;
/** Pixels along a side of a cell: a frame is stored as 16x16 cells of 4x4 pixels. */
const cellSide = 4;
export const cells = (side / cellSide) ** 2;
export const cellPixels = cellSide ** 2;
/** Width of a curtain in pixels; it is as high as the box. */
const curtainWidth = 20;

/** Sutskever et al. draw balls of radius 1.2 in a box of 10; in pixels. */
const radius = 1.2 * (side / 10);
/**
 * Sutskever et al. scale the velocities of 3 balls to a norm of 0.5 per frame in a box of 10. Here it grows with the
 * number of balls, so that they are no slower where there are more: pixels per frame, root of the mean square.
 */
const speed = (0.5 * (side / 10)) / Math.sqrt(3);

/** How many balls, and whether a part of the box is hidden. */
export const ballScenes = {
  '4balls': { balls: [4, 4], curtain: false },
  '678balls': { balls: [6, 8], curtain: false },
  curtain: { balls: [3, 3], curtain: true },
} as const;
export type BallScene = keyof typeof ballScenes;
export const scenes = Object.keys(ballScenes) as BallScene[];

/**
 * `equal`: all radii and masses are the same. `unequal`: radii are uniform between 0.6 times that radius and the whole,
 * masses go with the area, so that they can be seen.
 */
export const massKinds = ['equal', 'unequal'] as const;
export type MassKind = (typeof massKinds)[number];

/**
 * A video of balls that start at random places without overlap, in random directions.
 * A pixel is 1 if its centre lies in a ball and not behind the curtain: a band from top to bottom, itself black, at a
 * random place that is the same in all frames.
 * @returns (steps, 256): cell `16 row + column` of each frame, its pixel (y, x) in bit `4 y + x`
 */
export function drawVideo(scene: BallScene, masses: MassKind, steps: number, random: Random): Uint16Array {
  const { balls: range, curtain } = ballScenes[scene];
  const balls = drawBalls(range[0] + random.integer(range[1] - range[0] + 1), masses, random);
  const hidden = new Uint16Array(cells);
  if (curtain) fillRows(hidden, random.integer(side - curtainWidth + 1), curtainWidth);
  const video = new Uint16Array(steps * cells);
  for (let step = 0; step < steps; step++) {
    if (step > 0) advance(balls, side, 1);
    const frame = video.subarray(step * cells, (step + 1) * cells);
    for (const ball of balls) drawBall(frame, ball);
    for (const [i, cell] of hidden.entries()) frame[i] = (frame[i] as number) & ~cell;
  }
  return video;
}

/** The pixels of cells as floats 0 and 1, bit by bit: (cells) to (cells, 16). */
export function unpackCells(packed: Uint16Array): Float32Array {
  const pixels = new Float32Array(packed.length * cellPixels);
  for (const [i, cell] of packed.entries()) {
    // Most cells lie wholly in a ball or wholly outside.
    if (cell === 0) continue;
    const place = i * cellPixels;
    if (cell === 0xffff) pixels.fill(1, place, place + cellPixels);
    else for (let bit = 0; bit < cellPixels; bit++) pixels[place + bit] = (cell >> bit) & 1;
  }
  return pixels;
}

/** The cells that hold pixels 0 and 1: (cells, 16) to (cells). */
export function packCells(pixels: ArrayLike<number>): Uint16Array {
  return Uint16Array.from({ length: pixels.length / cellPixels }, (_, i) => {
    let cell = 0;
    for (let bit = 0; bit < cellPixels; bit++) cell |= (pixels[i * cellPixels + bit] as number) << bit;
    return cell;
  });
}

/** Which cell pixel (y, x) of a frame lies in, and which of the cell's bits it is. */
export function pixelPlace(y: number, x: number): { cell: number; bit: number } {
  return { cell: (y >> 2) * (side / cellSide) + (x >> 2), bit: (y & 3) * cellSide + (x & 3) };
}

/** Whether pixel (y, x) of a frame of cells is lit. */
export function isLit(frame: Uint16Array, y: number, x: number): boolean {
  const { cell, bit } = pixelPlace(y, x);
  return (((frame[cell] as number) >> bit) & 1) === 1;
}

function drawBalls(count: number, masses: MassKind, random: Random): Ball[] {
  const sizes = Array.from({ length: count }, () => (masses === 'equal' ? 1 : 0.6 + 0.4 * random.uniform()));
  const places = drawPlaces(
    sizes.map((size) => size * radius),
    random,
  );
  const velocities = Array.from({ length: 2 * count }, () => random.normal());
  const scale = (speed * Math.sqrt(count)) / Math.hypot(...velocities);
  return sizes.map((size, i) => ({
    ...(places[i] as { x: number; y: number }),
    vx: (velocities[2 * i] as number) * scale,
    vy: (velocities[2 * i + 1] as number) * scale,
    radius: size * radius,
    mass: size ** 2,
  }));
}

/** One ball after another where there is room; if 100 draws find none, all anew. */
function drawPlaces(radii: readonly number[], random: Random): { x: number; y: number }[] {
  const places: { x: number; y: number }[] = [];
  for (let draws = 0; places.length < radii.length; draws++) {
    const own = radii[places.length] as number;
    const within = (): number => own + random.uniform() * (side - 2 * own);
    const place = { x: within(), y: within() };
    const fits = places.every(({ x, y }, i) => Math.hypot(x - place.x, y - place.y) >= own + (radii[i] as number));
    if (fits) places.push(place);
    else if (draws < 100) continue;
    else places.length = 0;
    draws = 0;
  }
  return places;
}

function drawBall(frame: Uint16Array, { x, y, radius }: Ball): void {
  const lowest = Math.min(side - 1, Math.floor(y + radius - 0.5));
  for (let row = Math.max(0, Math.ceil(y - radius - 0.5)); row <= lowest; row++) {
    const reach = Math.sqrt(Math.max(0, radius ** 2 - (row + 0.5 - y) ** 2));
    const right = Math.min(side - 1, Math.floor(x + reach - 0.5));
    for (let column = Math.max(0, Math.ceil(x - reach - 0.5)); column <= right; column++) setPixel(frame, row, column);
  }
}

function fillRows(frame: Uint16Array, left: number, width: number): void {
  for (let y = 0; y < side; y++) for (let x = left; x < left + width; x++) setPixel(frame, y, x);
}

function setPixel(frame: Uint16Array, y: number, x: number): void {
  const { cell, bit } = pixelPlace(y, x);
  frame[cell] = (frame[cell] as number) | (1 << bit);
}
