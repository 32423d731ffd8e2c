// SPDX-License-Identifier: GPL-2.0-only
import { checkFlag, checkObject, shown } from './check.ts';
import { AleError } from './error.ts';

/** How an observation is made of the last two frames. */
export interface ObservationFormat {
  /** Width and height in pixels, at most the screen's. */
  readonly size: readonly [width: number, height: number];
  /** Gray, or else red, green and blue. */
  readonly grayscale: boolean;
  /** At each place the brighter of the two frames, or else the last one alone. */
  readonly maxPool: boolean;
}

/** What the field trains with. */
export const usualFormat: ObservationFormat = { size: [84, 84], grayscale: true, maxPool: true };

/** Width and height of the largest game's screen. */
export const largestSize = [160, 250] as const;

/**
 * A format of which some parts may be left out.
 * @throws {AleError} if a part is none, or larger than every screen
 */
export function checkFormat(format: Partial<ObservationFormat>): ObservationFormat {
  const { size = usualFormat.size, grayscale = true, maxPool = true } = checkObject('observation format', format);
  return {
    size: checkSize(size),
    grayscale: checkFlag('grayscale', grayscale),
    maxPool: checkFlag('maxPool', maxPool),
  };
}

function checkSize(size: readonly [number, number]): [number, number] {
  if (Array.isArray(size) && size.length === 2 && fits(size, largestSize)) return [size[0], size[1]];
  const found = Array.isArray(size) ? size.slice(0, 3).map(shown).join() : shown(size);
  throw new AleError(`observation size ${found}; it is [width, height] in pixels, at most ${largestSize.join('x')}`);
}

/** Whether both sides are whole numbers from 1 to those of `most`. */
export function fits(size: readonly [number, number], most: readonly [number, number]): boolean {
  return size.every((side, i) => Number.isInteger(side) && side >= 1 && side <= (most[i] ?? 0));
}

/** Bytes of an observation. */
export function observationBytes({ size: [width, height], grayscale }: ObservationFormat): number {
  return width * height * (grayscale ? 1 : 3);
}
