import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GifReader } from 'omggif';
import { ballGif } from '../../../src/plots/ball-gif.ts';
import { isLit, sampleVideo } from './ball-samples.ts';

test('the GIF shows the true frames and those rolled out, pixel by pixel', async () => {
  const sample = sampleVideo();
  const gif = new GifReader(await ballGif(sample));
  assert.deepEqual([gif.width, gif.height, gif.numFrames()], [2 * 192 + 18, 192 + 12, 50]);
  const rgba = new Uint8Array(gif.width * gif.height * 4);
  for (const frame of [0, 14, 15, 49]) {
    gif.decodeAndBlitFrameRGBA(frame, rgba);
    const color = (y: number, x: number): string => {
      const [red, green, blue] = rgba.subarray((y * gif.width + x) * 4);
      return `${red},${green},${blue}`;
    };
    const [lit, dark] = [frame < 15 ? '238,238,238' : '230,159,0', '17,17,17'];
    const isOwnLit = (y: number, x: number): boolean =>
      frame < 15 ? isLit(sample.truthCells, frame, y, x) : isLit(sample.rolledOutCells, frame - 15, y, x);
    let wrong = 0;
    for (let y = 0; y < 64; y++)
      for (let x = 0; x < 64; x++) {
        const [top, left] = [6 + 3 * y + 1, 6 + 3 * x + 1];
        if (color(top, left) !== (isLit(sample.truthCells, frame, y, x) ? '238,238,238' : dark)) wrong += 1;
        if (color(top, left + 192 + 6) !== (isOwnLit(y, x) ? lit : dark)) wrong += 1;
      }
    assert.equal(wrong, 0);
    assert.equal(color(0, 0), '153,153,153');
    assert.equal(gif.frameInfo(frame).delay, 10); // hundredths of a second
  }
});
