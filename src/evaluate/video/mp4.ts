import { createRequire } from 'node:module';
import type * as Encoding from 'h264-mp4-encoder';
import { replaceFile } from '../../runs/disk.ts';

const require = createRequire(import.meta.url);

/** Pictures of one size, RGBA, row by row. */
export interface VideoFrames {
  /** Pixels, even numbers: the format halves its colours. */
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** (height, width, 4) each; may be one array that is written anew each time. */
  readonly frames: AsyncIterable<Uint8Array>;
}

/**
 * Writes a video (H.264 in MP4), whole or not at all.
 * @param drawn is told after each frame
 * @returns whether it was written; not once `signal` is aborted
 * @throws UserError if the file cannot be written
 */
export async function writeVideo(
  file: string,
  { width, height, framesPerSecond, frames }: VideoFrames,
  { drawn, signal }: { readonly drawn: () => void; readonly signal: AbortSignal },
): Promise<boolean> {
  const { createH264MP4Encoder } = require('h264-mp4-encoder') as typeof Encoding;
  const encoder = await createH264MP4Encoder();
  let isOpen = false;
  try {
    // Screens have few colours and sharp edges: at 24 they do not blur, and the fastest speed costs 1 % of size.
    Object.assign(encoder, { width, height, frameRate: framesPerSecond, quantizationParameter: 24, speed: 10 });
    encoder.initialize();
    isOpen = true;
    for await (const frame of frames) {
      if (signal.aborted) return false;
      encoder.addFrameRgba(frame);
      drawn();
    }
    encoder.finalize();
    isOpen = false;
    replaceFile(file, [encoder.FS.readFile(encoder.outputFilename)]);
    return true;
  } finally {
    if (isOpen) encoder.finalize(); // without it delete() aborts
    encoder.delete();
  }
}
