// SPDX-License-Identifier: GPL-2.0-only
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

/** @throws {AleError} if the size is none */
export function checkFormat(format: ObservationFormat): ObservationFormat {
  const { size } = format;
  if (size.length === 2 && size.every((side) => Number.isInteger(side) && side > 0)) return format;
  throw new AleError(`observation size ${String(size)}; it is [width, height] in pixels`);
}
