/** Square images with a class each. */
export interface LabelledImages {
  readonly count: number;
  /** Pixels along a side. */
  readonly side: number;
  readonly channels: number;
  /** (count, channels, side, side), 0 to 255. */
  readonly pixels: Uint8Array;
  /** (count), from 0. */
  readonly labels: Uint8Array;
}

/** Images that are read pixel by pixel, row after row from the top left. */
export interface TokenSequences {
  readonly count: number;
  /** Positions: size * size. */
  readonly length: number;
  /** Tokens per position: the image's channels. */
  readonly channels: number;
  /** (count, length, channels). */
  readonly tokens: Uint8Array;
  readonly labels: Uint8Array;
}

/**
 * Which of `from` pixels each of `to` pixels shows: floor(i * (from / to)), in float32, as PyTorch's
 * `interpolate(mode='nearest')` has it.
 */
export function nearestPixels(from: number, to: number): Int32Array {
  const scale = Math.fround(from / to);
  return Int32Array.from({ length: to }, (_, i) => Math.min(Math.floor(Math.fround(i * scale)), from - 1));
}

/**
 * Resizes images to size x size by the nearest pixel and reads them as tokens: `levels` equal steps of brightness, so a
 * pixel p is token floor(p * levels / 256). Two levels make a binary image that is 1 from 128 on.
 */
export function tokenSequences(images: LabelledImages, size: number, levels: number): TokenSequences {
  const { count, side, channels, pixels, labels } = images;
  const nearest = nearestPixels(side, size);
  const tokenOf = Uint8Array.from({ length: 256 }, (_, p) => Math.floor((p * levels) / 256));
  const tokens = new Uint8Array(count * size * size * channels);
  let next = 0;
  for (let image = 0; image < count; image++)
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++)
        for (let channel = 0; channel < channels; channel++) {
          const line = (image * channels + channel) * side + (nearest[row] as number);
          tokens[next++] = tokenOf[pixels[line * side + (nearest[column] as number)] as number] as number;
        }
  return { count, length: size * size, channels, tokens, labels };
}

/** Images first to end - 1; they share the memory. */
export function someImages(images: LabelledImages, first: number, end: number): LabelledImages {
  const { side, channels, pixels, labels } = images;
  const image = channels * side * side;
  return {
    count: end - first,
    side,
    channels,
    pixels: pixels.subarray(first * image, end * image),
    labels: labels.subarray(first, end),
  };
}
