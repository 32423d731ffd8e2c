// SPDX-License-Identifier: GPL-2.0-only
// The part of a snapshot that tells what was observed, and how. Numbers are little-endian.
//
//   byte  0  the observation's format: width, height (uint16 each), gray, max-pooled (uint8 each, 0 or 1)
//         6  the format that counts from the next loadRom on, likewise
//        12  frames of the last agent step, uint16
//        14  the observation
import { AleError } from './error.ts';
import { fits, largestSize, observationBytes, type ObservationFormat } from './observation.ts';

const nextAt = 6;
const framesAt = 12;
const observationAt = 14;

interface Observed {
  readonly format: ObservationFormat;
  /** From the next `loadRom` on. */
  readonly nextFormat: ObservationFormat;
  /** That the last agent step emulated. */
  readonly frames: number;
  readonly observation: Uint8Array;
}

export function writeObserved({ format, nextFormat, frames, observation }: Observed): Uint8Array {
  const bytes = new Uint8Array(observationAt + observation.length);
  const numbers = new DataView(bytes.buffer);
  writeFormat(numbers, 0, format);
  writeFormat(numbers, nextAt, nextFormat);
  numbers.setUint16(framesAt, frames, true);
  bytes.set(observation, observationAt);
  return bytes;
}

/**
 * Of a game whose screen is as large as that.
 * @throws {AleError} if a number is out of range
 */
export function readObserved(bytes: Uint8Array, screenWidth: number, screenHeight: number): Observed {
  if (bytes.length >= observationAt) {
    const numbers = new DataView(bytes.buffer, bytes.byteOffset);
    const format = readFormat(numbers, 0, [screenWidth, screenHeight]);
    const nextFormat = readFormat(numbers, nextAt, largestSize);
    const frames = numbers.getUint16(framesAt, true);
    const observation = bytes.subarray(observationAt);
    if (format && nextFormat && frames <= 1000 && observation.length === observationBytes(format)) {
      return { format, nextFormat, frames, observation };
    }
  }
  throw new AleError('a damaged snapshot (the observation is out of range); take another');
}

function writeFormat(numbers: DataView, at: number, { size, grayscale, maxPool }: ObservationFormat): void {
  numbers.setUint16(at, size[0], true);
  numbers.setUint16(at + 2, size[1], true);
  numbers.setUint8(at + 4, Number(grayscale));
  numbers.setUint8(at + 5, Number(maxPool));
}

/** Undefined if it is none. */
function readFormat(numbers: DataView, at: number, most: readonly [number, number]): ObservationFormat | undefined {
  const size = [numbers.getUint16(at, true), numbers.getUint16(at + 2, true)] as const;
  const [grayscale, maxPool] = [numbers.getUint8(at + 4), numbers.getUint8(at + 5)];
  if (!fits(size, most) || grayscale > 1 || maxPool > 1) return undefined;
  return { size, grayscale: grayscale === 1, maxPool: maxPool === 1 };
}
