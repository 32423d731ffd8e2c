// What RecordVideo writes, shown by a browser.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type RenderFrame, RecordVideo } from 'gym-js';
import { chromium } from 'playwright-core';
import { findChromium, noChromium } from '../../../chromium.ts';
import { Toy, type ToyArray } from '../toy-env.ts';

const executablePath = findChromium();
const videoFolder = mkdtempSync(join(tmpdir(), 'gym-js-video-'));
after(() => rmSync(videoFolder, { recursive: true }));

const [width, height, fps] = [64, 48, 10];
/** Of the four quarters, row by row; with every step each moves on by one. */
const colors = [
  [200, 30, 40],
  [20, 180, 60],
  [40, 50, 210],
  [230, 230, 220],
] as const;

class Quarters extends Toy {
  private shown = 0;

  override render(): RenderFrame {
    const data = new Uint8Array(width * height * 3);
    const first = this.shown++;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const quarter = Number(x >= width / 2) + 2 * Number(y >= height / 2);
        data.set(colors[(quarter + first) % 4] ?? [], (y * width + x) * 3);
      }
    }
    return { data, height, width };
  }
}

interface Shown {
  /** Of the frame, in seconds. */
  time: number;
  /** The pixels in the middle of each quarter. */
  quarters: number[][];
}

/** Plays a video slowly; what the page runs. */
async function play(url: string): Promise<Shown[]> {
  const video = document.body.appendChild(document.createElement('video'));
  const context = new OffscreenCanvas(64, 48).getContext('2d', { willReadFrequently: true });
  const pixel = (x: number, y: number): number[] => [...(context?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3);
  const frames: Shown[] = [];
  const look = (_now: number, { mediaTime }: { mediaTime: number }): void => {
    context?.drawImage(video, 0, 0);
    frames.push({ time: mediaTime, quarters: [pixel(16, 12), pixel(48, 12), pixel(16, 36), pixel(48, 36)] });
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  const ended = new Promise((resolve) => video.addEventListener('ended', resolve));
  video.src = url;
  video.muted = true;
  video.playbackRate = 0.25;
  await video.play();
  await ended;
  return frames;
}

test(
  "an MP4's frames have the environment's colours",
  { skip: executablePath === undefined && noChromium },
  async () => {
    const env = new Quarters({ renderMode: 'rgb_array', length: 9 });
    const recorder = await RecordVideo.create<ToyArray, number>(env, { videoFolder, fps });
    recorder.reset();
    for (let step = 0; step < 4; step++) recorder.step(0);
    recorder.close();
    const file = readFileSync(recorder.videos[0] ?? '').toString('base64');
    const browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      // The TypeScript loader wraps functions in it, to keep their names.
      await page.evaluate('globalThis.__name = (value) => value');
      const shown = await page.evaluate(play, `data:video/mp4;base64,${file}`);
      const seen = new Set<number>();
      for (const { time, quarters } of shown) {
        const frame = Math.round(time * fps);
        seen.add(frame);
        for (const [quarter, found] of quarters.entries()) {
          const expected = colors[(quarter + frame) % 4] ?? [];
          const off = Math.max(...expected.map((value, i) => Math.abs(value - (found[i] ?? 0))));
          assert.ok(off <= 10, `frame ${frame}, quarter ${quarter}: ${found.join()}, not ${expected.join()}`);
        }
      }
      assert.ok(seen.size >= 3, 'a busy machine may leave some of the five frames out');
    } finally {
      await browser.close();
    }
  },
);
