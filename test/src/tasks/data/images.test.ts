import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nearestPixels, someImages, tokenSequences, type LabelledImages } from '../../../../src/tasks/data/images.ts';

const oracle = JSON.parse(readFileSync(new URL('../../../oracle/nearest-resize.json', import.meta.url), 'utf8')) as {
  sides: Record<string, Record<string, number[]>>;
};

test("shows the same pixels as PyTorch's nearest interpolation, from 28 and 32 to any side", () => {
  for (const [from, sides] of Object.entries(oracle.sides))
    for (const [to, pixels] of Object.entries(sides))
      assert.deepEqual([...nearestPixels(Number(from), Number(to))], pixels, `${from} to ${to}`);
});

/** Pixels that tell image, channel, row and column apart. */
function countedImages(count: number, side: number, channels: number): LabelledImages {
  const pixels = Uint8Array.from({ length: count * channels * side * side }, (_, i) => i);
  return { count, side, channels, pixels, labels: Uint8Array.from({ length: count }, (_, i) => i) };
}

test('reads row after row, the channels of a pixel together', () => {
  const { tokens, count, length, channels } = tokenSequences(countedImages(2, 2, 3), 2, 256);
  assert.deepEqual([count, length, channels], [2, 4, 3]);
  assert.deepEqual([...tokens], [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 12, 16, 20, 13, 17, 21, 14, 18, 22, 15, 19, 23]);
});

test('resizes rows and columns alike', () => {
  const { tokens } = tokenSequences(countedImages(1, 4, 1), 2, 256);
  assert.deepEqual([...tokens], [0, 2, 8, 10]);
  const larger = tokenSequences(countedImages(1, 2, 1), 3, 256);
  assert.deepEqual([...larger.tokens], [0, 0, 1, 0, 0, 1, 2, 2, 3]);
});

test('a binary image is 1 from brightness 128 on, and levels are equal steps', () => {
  const grey = { count: 1, side: 16, channels: 1, pixels: Uint8Array.from({ length: 256 }, (_, i) => i) };
  const images = { ...grey, labels: new Uint8Array(1) };
  assert.equal(tokenSequences(images, 16, 2).tokens.indexOf(1), 128);
  const four = tokenSequences(images, 16, 4).tokens;
  for (let level = 0; level < 4; level++) assert.equal(four.filter((token) => token === level).length, 64);
});

test('some images keep their labels', () => {
  const some = someImages(countedImages(5, 2, 1), 2, 4);
  assert.deepEqual([some.count, [...some.labels]], [2, [2, 3]]);
  assert.deepEqual([...some.pixels], [8, 9, 10, 11, 12, 13, 14, 15]);
});
