import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ballStrip } from '../../../src/plots/ball-strip.ts';
import { activeColor, idleColor } from '../../../src/plots/timeline.ts';
import { isLit, sampleVideo } from './ball-samples.ts';

/** Widths of the rectangles of one colour, all together, in pixels of the picture. */
function coveredArea(svg: string, fill: string): number {
  const rects = [...svg.matchAll(/<rect [^>]*>/g)].map(([rect]) => rect).filter((rect) => rect.includes(`"${fill}"`));
  const number = (rect: string, name: string): number => Number(new RegExp(` ${name}="([\\d.]+)"`).exec(rect)?.[1]);
  return rects.reduce((sum, rect) => sum + number(rect, 'width') * number(rect, 'height'), 0);
}

test('the strip: as much is lit as in the frames it shows', () => {
  const sample = sampleVideo();
  const { active: _, ...plain } = sample;
  const svg = ballStrip(plain, 'lstm');
  const shown = [14, 18, 23, 27, 32, 36, 40, 45, 49]; // evenly from the last frame seen to the last
  for (const frame of shown) assert.match(svg, new RegExp(`>${frame + 1}<`));
  const lit = (video: Uint16Array, frame: number): number => {
    let count = 0;
    for (let y = 0; y < 64; y++) for (let x = 0; x < 64; x++) count += isLit(video, frame, y, x) ? 1 : 0;
    return count;
  };
  const truth = shown.reduce((sum, frame) => sum + lit(sample.truthCells, frame), lit(sample.truthCells, 14));
  const own = shown.slice(1).reduce((sum, frame) => sum + lit(sample.rolledOutCells, frame - 15), 0);
  const [white, orange] = [coveredArea(svg, '#eee'), coveredArea(svg, '#e69f00')];
  assert.ok(Math.abs(white / orange / (truth / own) - 1) < 1e-3, `${white} to ${orange}, not ${truth} to ${own}`);
});

test('modules are drawn under it where the core has them', () => {
  const { active, ...plain } = sampleVideo();
  assert.ok(!ballStrip(plain, 'lstm').includes('module 0'));
  const svg = ballStrip({ ...plain, ...(active && { active }) }, 'rim');
  // module 0 in all 49 steps, module 1 in every other, module 2 in none
  const ratio = coveredArea(svg, activeColor) / coveredArea(svg, idleColor);
  assert.ok(Math.abs(ratio / ((49 + 24) / (25 + 49)) - 1) < 1e-2, `${ratio}`);
});
