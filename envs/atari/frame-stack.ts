/*
 * A stack is the newest frames of a game as (height, width, stack * channels) bytes, the newest last: of gray frames
 * one byte each per pixel, of RGB three. The stack of one step is made from that of the step before, wherever the two
 * lie: nothing is copied that stays the same.
 */

/** The first stack of a game: `frame`, of so many channels, behind black ones. */
export function firstStack(frame: Uint8Array, target: Uint8Array, channels: number): void {
  const width = (target.length / frame.length) * channels;
  target.fill(0);
  for (let from = 0, cell = width - channels; from < frame.length; cell += width - channels) {
    for (let channel = 0; channel < channels; channel++) target[cell++] = frame[from++] ?? 0;
  }
}

/** Writes to `target` the stack after `previous`: its oldest frame gone, `frame` the newest. Both may be one array. */
export function nextStack(frame: Uint8Array, previous: Uint8Array, target: Uint8Array, channels: number): void {
  const width = (target.length / frame.length) * channels;
  const aligned = previous.byteOffset % 4 === 0 && target.byteOffset % 4 === 0;
  if (width === 4 && channels === 1 && aligned && littleEndian) {
    nextStackOf4(frame, words(previous), words(target));
    return;
  }
  for (let from = 0, cell = 0; from < frame.length;) {
    for (const kept = cell + width - channels; cell < kept; cell++) target[cell] = previous[cell + channels] ?? 0;
    for (let channel = 0; channel < channels; channel++) target[cell++] = frame[from++] ?? 0;
  }
}

/** Four channels are one word, the newest its highest byte: a shift moves all of them. */
function nextStackOf4(frame: Uint8Array, previous: Int32Array, target: Int32Array): void {
  for (let pixel = 0; pixel < frame.length; pixel++) {
    target[pixel] = ((previous[pixel] ?? 0) >>> 8) | ((frame[pixel] ?? 0) << 24);
  }
}

function words(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
