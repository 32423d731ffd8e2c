import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../../agents/random.ts';
import {
  cells,
  drawVideo,
  massKinds,
  pixelPlace,
  side,
  unpackCells,
} from '../../../../src/tasks/data/bouncing-balls.ts';

const steps = 51;

/** Frame `step` of a video as rows of pixels. */
function picture(video: Uint16Array, step: number): number[][] {
  return Array.from({ length: side }, (_, y) =>
    Array.from({ length: side }, (_, x) => {
      const { cell, bit } = pixelPlace(y, x);
      return ((video[step * cells + cell] as number) >> bit) & 1;
    }),
  );
}

/** Lit regions that hang together, as lists of pixels: their areas and centres. */
function regions(rows: number[][]): { area: number; x: number; y: number }[] {
  const found: { area: number; x: number; y: number }[] = [];
  const left = rows.map((row) => [...row]);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      let [area, sumX, sumY] = [0, 0, 0];
      const open: [number, number][] = [[y, x]];
      for (let at = open.pop(); at; at = open.pop()) {
        const [py, px] = at;
        if (!left[py]?.[px]) continue;
        (left[py] as number[])[px] = 0;
        [area, sumX, sumY] = [area + 1, sumX + px + 0.5, sumY + py + 0.5];
        open.push([py + 1, px], [py - 1, px], [py, px + 1], [py, px - 1]);
      }
      if (area > 0) found.push({ area, x: sumX / area, y: sumY / area });
    }
  return found;
}

const lit = (rows: number[][]): number => rows.flat().reduce((sum, pixel) => sum + pixel, 0);

test('a frame of 4 balls: each covers the area of a disc of radius 7.68 pixels, inside the box', () => {
  const random = new Random(1);
  const areas: number[] = [];
  for (let i = 0; i < 20; i++)
    for (const { area, x, y } of regions(picture(drawVideo('4balls', 'equal', 1, random), 0))) {
      if (area > 250) continue; // two that touch
      areas.push(area);
      for (const at of [x, y]) assert.ok(at > 7 && at < side - 7);
    }
  assert.ok(areas.length > 60);
  const mean = areas.reduce((a, b) => a + b, 0) / areas.length;
  assert.ok(Math.abs(mean - Math.PI * 7.68 ** 2) < 3, `mean area ${mean}`);
});

test('the same balls are in all frames, and move about as fast as the source says', () => {
  const random = new Random(2);
  const distances: number[] = [];
  for (let i = 0; i < 30; i++) {
    const video = drawVideo('4balls', 'equal', steps, random);
    const areas = Array.from({ length: steps }, (_, step) => lit(picture(video, step)));
    for (const area of areas) assert.ok(Math.abs(area - 4 * Math.PI * 7.68 ** 2) < 30, `${area} lit pixels`);
    const [before, after] = [regions(picture(video, 0)), regions(picture(video, 1))];
    if (before.length < 4 || after.length < 4) continue;
    for (const { x, y } of before) distances.push(Math.min(...after.map((b) => Math.hypot(b.x - x, b.y - y))));
  }
  const meanSquare = distances.reduce((sum, d) => sum + d * d, 0) / distances.length;
  assert.ok(Math.abs(Math.sqrt(meanSquare) - 3.2 / Math.sqrt(3)) < 0.2, `speed ${Math.sqrt(meanSquare)}`);
});

test('678balls: 6, 7 or 8 of them, each as often', () => {
  const random = new Random(3);
  const counts = new Map<number, number>();
  for (let i = 0; i < 300; i++) {
    const count = Math.round(lit(picture(drawVideo('678balls', 'equal', 1, random), 0)) / (Math.PI * 7.68 ** 2));
    counts.set(count, (counts.get(count) ?? 0) + 1);
  }
  assert.deepEqual([...counts.keys()].sort(), [6, 7, 8]);
  for (const count of counts.values()) assert.ok(count > 70);
});

test('unequal balls are of the same radius or smaller', () => {
  const random = new Random(4);
  const areas = Array.from({ length: 30 }, () => regions(picture(drawVideo('4balls', 'unequal', 1, random), 0)))
    .flat()
    .map(({ area }) => area)
    .filter((area) => area < 195);
  assert.ok(Math.min(...areas) > Math.PI * (0.6 * 7.68) ** 2 - 6);
  assert.ok(Math.min(...areas) < 90 && Math.max(...areas) > 165);
});

test('the curtain: a band of 20 columns that is black in all frames, at another place in another video', () => {
  const random = new Random(5);
  const lefts = new Set<number>();
  for (let i = 0; i < 20; i++) {
    const video = drawVideo('curtain', 'equal', 200, random);
    const columns = new Array<number>(side).fill(0);
    for (let step = 0; step < 200; step++)
      for (const row of picture(video, step))
        for (const [x, pixel] of row.entries()) columns[x] = (columns[x] ?? 0) + pixel;
    let [longest, from] = [0, 0];
    for (let x = 1, dark = 0; x < side; x++) {
      dark = columns[x] === 0 ? dark + 1 : 0;
      if (dark > longest) [longest, from] = [dark, x - dark + 1];
    }
    // Beside a wall that no ball comes near, more may be dark.
    if (longest === 20) lefts.add(from);
    else assert.ok(longest > 20 && longest < 40, `${longest} dark columns`);
  }
  assert.ok(lefts.size > 5, `${lefts.size} places`);
});

test('a seed decides the video', () => {
  for (const masses of massKinds) {
    const [a, b, c] = [1, 1, 2].map((seed) => drawVideo('678balls', masses, 5, new Random(seed)));
    assert.deepEqual(a, b);
    assert.notDeepEqual(a, c);
  }
});

test('cells are unpacked to the pixels that they hold', () => {
  const video = drawVideo('4balls', 'equal', 3, new Random(6));
  const pixels = unpackCells(video);
  assert.equal(pixels.length, 3 * side * side);
  const rows = picture(video, 2);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const { cell, bit } = pixelPlace(y, x);
      assert.equal(pixels[(2 * cells + cell) * 16 + bit], rows[y]?.[x]);
    }
  // pixel (5, 9): cell row 1, column 2; row 1, column 1 in it
  assert.deepEqual(pixelPlace(5, 9), { cell: 18, bit: 5 });
});
