import type gifenc from 'gifenc';
import type { RenderFrame } from '../env.ts';
import { importByName } from '../import-by-name.ts';
import { exportsOf } from './common-js.ts';
import type { VideoEncoder } from './encoder.ts';

/** An animated GIF by gifenc: exact for frames of at most 256 colours, of the nearest 256 otherwise. */
export async function gifEncoder(): Promise<VideoEncoder> {
  const { GIFEncoder, applyPalette, quantize } = exportsOf(
    (await importByName('gifenc')) as typeof gifenc,
    'GIFEncoder',
  );
  let gif = GIFEncoder();
  let fps = 30;
  let frames = 0;
  return {
    begin(_width, _height, framesPerSecond) {
      gif = GIFEncoder();
      fps = framesPerSecond;
      frames = 0;
    },
    add(frame) {
      const { width, height } = frame;
      let { index, palette } = fewColors(frame) ?? {};
      if (!index || !palette) {
        const rgba = withAlpha(frame);
        palette = quantize(rgba, 256);
        index = applyPalette(rgba, palette);
      }
      gif.writeFrame(index, width, height, { palette, delay: delay(frames, fps) });
      frames += 1;
    },
    end() {
      gif.finish();
      return gif.bytes();
    },
    close() {
      // What it wrote is memory like any other.
      gif = GIFEncoder();
    },
  };
}

/** Milliseconds that frame i is shown. GIF counts hundredths of a second: rounded so that no error adds up. */
function delay(i: number, fps: number): number {
  return (Math.round(((i + 1) * 100) / fps) - Math.round((i * 100) / fps)) * 10;
}

/** Each pixel's place in the list of the frame's colours; undefined where these are more than 256. */
function fewColors({ data }: RenderFrame): { index: Uint8Array; palette: number[][] } | undefined {
  const places = new Map<number, number>();
  const index = new Uint8Array(data.length / 3);
  for (let i = 0; i < index.length; i++) {
    const color = ((data[i * 3] ?? 0) << 16) | ((data[i * 3 + 1] ?? 0) << 8) | (data[i * 3 + 2] ?? 0);
    let place = places.get(color);
    if (place === undefined) {
      if (places.size === 256) return undefined;
      place = places.size;
      places.set(color, place);
    }
    index[i] = place;
  }
  return { index, palette: [...places.keys()].map((color) => [color >> 16, (color >> 8) & 255, color & 255]) };
}

function withAlpha({ data }: RenderFrame): Uint8Array {
  const rgba = new Uint8Array((data.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) rgba.set(data.subarray(from, from + 3), to);
  return rgba;
}
