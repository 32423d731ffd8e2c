import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolloutErrorPicture } from '../../../src/plots/rollout-error.ts';

/** Points of the first chart's mark, as drawn. */
function path(svg: string, mark: 'line' | 'area'): number[][] {
  const found = new RegExp(`aria-label="${mark}".*?<path d="([^"]+)"`, 's').exec(svg)?.[1] ?? '';
  return [...found.matchAll(/([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

test('a chart for each set; the line is the mean of the seeds, the band goes from the lowest to the highest', () => {
  const svg = rolloutErrorPicture(
    [
      {
        name: 'rim',
        sets: {
          '4balls': [
            [10, 20, 40],
            [20, 40, 50],
            [60, 30, 60],
          ],
          curtain: [[1, 2, 3]],
        },
      },
    ],
    15,
    'nats',
  );
  for (const text of ['4balls', 'curtain', 'rim', 'nats']) assert.ok(svg.includes(text));
  const line = path(svg, 'line');
  const band = path(svg, 'area');
  // Means 30, 30, 50; y goes down: one unit is so many pixels.
  const [y0, y1, y2] = line.map(([, y]) => y as number) as [number, number, number];
  assert.equal(y0, y1);
  const unit = (y0 - y2) / 20;
  const ys = band.map(([, y]) => y as number);
  const highest = [60, 40, 60].map((value) => y0 - (value - 30) * unit);
  const lowest = [10, 20, 40].map((value) => y0 - (value - 30) * unit);
  for (const [i, y] of [...highest, ...lowest.toReversed()].entries())
    assert.ok(Math.abs((ys[i] as number) - y) < 1e-2, `${ys.join()} are not ${highest.join()} and ${lowest.join()}`);
});
