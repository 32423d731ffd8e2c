import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { make, type RenderFrame } from 'gym-js';
import { CartPole, registerClassicControl } from '../../../envs/classic/index.ts';
import { Picture } from '../../../envs/classic/picture.ts';
import { bytes } from '../trace.ts';

registerClassicControl();

const { pictures } = JSON.parse(
  readFileSync(new URL('../../oracle/classic-control.json', import.meta.url), 'utf8'),
) as { pictures: { id: string; seed: number; width: number; height: number; squares: string }[] };

/** Means of red, green and blue in squares of 20 pixels. */
function squares({ width, height, data }: RenderFrame): number[] {
  const sums = new Array<number>((width / 20) * (height / 20) * 3).fill(0);
  for (const [i, value] of data.entries()) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    sums[(Math.floor(y / 20) * (width / 20) + Math.floor(x / 20)) * 3 + (i % 3)]! += value / 400;
  }
  return sums;
}

for (const { id, seed, width, height, squares: recorded } of pictures) {
  test(`${id} looks as in Gymnasium: seed ${seed}`, async () => {
    const env = await make(id, { renderMode: 'rgb_array' });
    env.reset({ seed });
    const frame = env.render?.() as RenderFrame;
    assert.deepEqual([frame.width, frame.height], [width, height]);
    const [ours, theirs] = [squares(frame), bytes(recorded)];
    const off = ours.map((mean, i) => Math.abs(mean - (theirs[i] ?? NaN)));
    // Edges are smoothed there and not here, and pygame rounds corners to pixels.
    assert.ok(Math.max(...off) < 45, `a square is off by ${Math.max(...off)}`);
    const mean = off.reduce((a, b) => a + b, 0) / off.length;
    assert.ok(mean < 2, `squares are off by ${mean}`);
  });
}

test('without a render mode there is no picture, and an unknown one is refused', () => {
  const env = new CartPole();
  env.reset({ seed: 1 });
  assert.equal(env.render(), undefined);
  assert.equal(new CartPole({ renderMode: 'rgb_array' }).render(), undefined, 'nor before the first reset');
  assert.throws(
    () => new CartPole({ renderMode: 'human' }),
    /^UserError: renderMode "human" is unknown; give "rgb_array"$/,
  );
});

test('shapes cover the pixels whose middles they hold, from below; what is outside is cut off', () => {
  const picture = new Picture(4, 3);
  picture.polygon(
    [
      [0.6, 0],
      [3, 0],
      [3, 1.5],
      [0.6, 1.5],
    ],
    [0, 0, 0],
  );
  picture.disc([-5, -5], 2, [9, 9, 9]);
  picture.line(
    [
      [3.5, -9],
      [3.5, 9],
    ],
    1,
    [7, 7, 7],
  );
  const rows = [0, 4, 8].map((start) => Array.from({ length: 4 }, (_, x) => picture.data[(start + x) * 3]));
  assert.deepEqual(rows, [
    [255, 255, 255, 7],
    [255, 255, 255, 7],
    [255, 0, 0, 7],
  ]);
});
