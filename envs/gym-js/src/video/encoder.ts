import type { RenderFrame } from '../env.ts';
import { DependencyNotInstalled } from '../errors.ts';

export type VideoFormat = 'mp4' | 'gif';

/** Makes one video file after another. */
export interface VideoEncoder {
  /** Begins a video of frames of this size, at `fps` frames per second. */
  begin(width: number, height: number, fps: number): void;
  /** Adds a frame of that size. */
  add(frame: RenderFrame): void;
  /** Ends the video: the bytes of its file. */
  end(): Uint8Array;
  /** Frees what the encoder holds, a video under way included; it may be called twice, nothing else after it. */
  close(): void;
}

/** Throws RangeError for what is no format, DependencyNotInstalled where the package that it needs is not there. */
export async function videoEncoder(format: VideoFormat): Promise<VideoEncoder> {
  switch (format) {
    case 'mp4':
      return installed('h264-mp4-encoder', async () => (await import('./mp4-encoder.ts')).mp4Encoder());
    case 'gif':
      return installed('gifenc', async () => (await import('./gif-encoder.ts')).gifEncoder());
    default:
      throw new RangeError(`RecordVideo: format "${String(format)}" is not mp4 or gif`);
  }
}

async function installed<T>(dependency: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new DependencyNotInstalled(`videos need the package ${dependency}: npm install ${dependency}`, {
      cause: error,
    });
  }
}
