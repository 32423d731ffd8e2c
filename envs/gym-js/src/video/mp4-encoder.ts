import type h264 from 'h264-mp4-encoder';
import type { RenderFrame } from '../env.ts';
import { importByName } from '../import-by-name.ts';
import { exportsOf } from './common-js.ts';
import type { VideoEncoder } from './encoder.ts';

/** Encoders so far: they write into one file system, where each needs a file of its own. */
let encoders = 0;

/** H.264 in MP4 by h264-mp4-encoder. Odd sizes are widened by one row or column, a repetition of the last. */
export async function mp4Encoder(): Promise<VideoEncoder> {
  const library = await withoutItsHandlers(() => importByName('h264-mp4-encoder'));
  const encoder = await exportsOf(library as typeof h264, 'createH264MP4Encoder').createH264MP4Encoder();
  let rgba = new Uint8Array(0);
  const file = `video-${encoders++}.mp4`;
  let begun = false;
  let freed = false;
  const unlink = (): void => {
    encoder.FS.unlink(file);
    begun = false;
  };
  return {
    begin(width, height, fps) {
      encoder.outputFilename = file;
      encoder.width = width + (width % 2);
      encoder.height = height + (height % 2);
      encoder.frameRate = fps;
      // The library's default, 33, blurs sprites of one or two pixels.
      encoder.quantizationParameter = 20;
      encoder.initialize();
      begun = true;
      rgba = new Uint8Array(encoder.width * encoder.height * 4);
    },
    add(frame) {
      widen(frame, rgba, encoder.width, encoder.height);
      encoder.addFrameRgba(rgba);
    },
    end() {
      encoder.finalize();
      const bytes = encoder.FS.readFile(file);
      unlink();
      return bytes;
    },
    close() {
      if (freed) return;
      freed = true;
      encoder.delete();
      if (begun) unlink();
    },
  };
}

/** Copies RGB rows into RGBA ones of another width and height, repeating the last column and row. */
function widen({ data, width, height }: RenderFrame, rgba: Uint8Array, toWidth: number, toHeight: number): void {
  for (let y = 0, to = 0; y < toHeight; y++) {
    for (let x = 0; x < toWidth; x++, to += 4) {
      const from = (Math.min(y, height - 1) * width + Math.min(x, width - 1)) * 3;
      rgba[to] = data[from] ?? 0;
      rgba[to + 1] = data[from + 1] ?? 0;
      rgba[to + 2] = data[from + 2] ?? 0;
      rgba[to + 3] = 255;
    }
  }
}

/** Emscripten's glue makes the whole process end at any rejection that nobody handles; that is not its business. */
async function withoutItsHandlers<T>(load: () => Promise<T>): Promise<T> {
  if (typeof process === 'undefined' || typeof process.rawListeners !== 'function') return load();
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = events.map((event) => process.rawListeners(event));
  const loaded = await load();
  for (const [i, event] of events.entries()) {
    for (const listener of process.rawListeners(event)) {
      if (!before[i]?.includes(listener)) process.removeListener(event, listener as () => void);
    }
  }
  return loaded;
}
