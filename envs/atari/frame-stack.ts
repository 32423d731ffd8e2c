import { framePixels } from './options.ts';

/*
 * A stack is the newest frames of a game as (84, 84, stack) bytes, the newest as the last channel. The stack of one
 * step is made from that of the step before, wherever the two lie: nothing is copied that stays the same.
 */

/** The first stack of a game: `frame` behind black ones. */
export function firstStack(frame: Uint8Array, target: Uint8Array): void {
  const depth = target.length / framePixels;
  target.fill(0);
  for (let pixel = 0, cell = depth - 1; pixel < framePixels; pixel++, cell += depth) target[cell] = frame[pixel] ?? 0;
}

/** Writes to `target` the stack after `previous`: its oldest frame gone, `frame` the newest. Both may be one array. */
export function nextStack(frame: Uint8Array, previous: Uint8Array, target: Uint8Array): void {
  const depth = target.length / framePixels;
  if (depth === 4 && previous.byteOffset % 4 === 0 && target.byteOffset % 4 === 0 && littleEndian) {
    nextStackOf4(frame, words(previous), words(target));
    return;
  }
  for (let pixel = 0, cell = 0; pixel < framePixels; pixel++) {
    for (let channel = 1; channel < depth; channel++, cell++) target[cell] = previous[cell + 1] ?? 0;
    target[cell++] = frame[pixel] ?? 0;
  }
}

/** Four channels are one word, the newest its highest byte: a shift moves all of them. */
function nextStackOf4(frame: Uint8Array, previous: Int32Array, target: Int32Array): void {
  for (let pixel = 0; pixel < framePixels; pixel++) {
    target[pixel] = ((previous[pixel] ?? 0) >>> 8) | ((frame[pixel] ?? 0) << 24);
  }
}

function words(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
