import assert from 'node:assert/strict';
import { test } from 'node:test';
import { band } from '../../../src/plots/bands.ts';
import { imageModulesPicture } from '../../../src/plots/image-modules.ts';
import { addingPicture, copyingPicture, languagePicture } from '../../../src/plots/module-timelines.ts';
import { resolutionPicture } from '../../../src/plots/resolution-picture.ts';
import { armsOf } from '../../../src/tables/task-arms.ts';
import { curveFigures, taskCurvesPicture } from '../../../src/plots/task-curves.ts';
import { taskFigures } from '../../../src/plots/task-figures.ts';
import { activeColor, idleColor } from '../../../src/plots/timeline.ts';
import { readTaskRuns } from '../../../src/runs/task-runs.ts';
import type { PaperTable } from '../../../src/tables/paper-table.ts';
import { MadeUpRuns } from '../runs/made-up-task-runs.ts';

/** The charts of a picture, each with its own axes. */
function charts(svg: string): string[] {
  return svg
    .split(/<svg /)
    .slice(2)
    .map((chart) => chart.split('</svg>')[0] as string);
}

/** Widths of a chart's rectangles of one colour, all together, in pixels. */
function width(chart: string, fill: string): number {
  const rects = [...chart.matchAll(/<rect [^>]*>/g)].map(([rect]) => rect).filter((rect) => rect.includes(`"${fill}"`));
  return rects.reduce((sum, rect) => sum + Number(/ width="([\d.]+)"/.exec(rect)?.[1]), 0);
}

/** Points of each line of a chart, in pixels. */
function lines(chart: string): [number, number][][] {
  const groups = [...chart.matchAll(/aria-label="line"[^>]*>(?:<path [^>]*>(?:<\/path>)?)*/g)].map(([group]) => group);
  return groups
    .flatMap((group) => [...group.matchAll(/ d="([^"]+)"/g)])
    .map(([, path]) => [...(path ?? '').matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]));
}

function near(actual: number | undefined, expected: number, tolerance = 1e-2): void {
  assert.ok(Math.abs((actual ?? NaN) - expected) <= tolerance * Math.abs(expected), `${actual} is not ${expected}`);
}

test('a band is mean and range of the seeds that have a point there', () => {
  const seeds = [
    [1, 4, 6],
    [3, 8],
  ].map((values) => values.map((y, i) => ({ x: 10 * i, y })));
  assert.deepEqual(band(seeds), [
    { x: 0, mean: 2, lowest: 1, highest: 3 },
    { x: 10, mean: 6, lowest: 4, highest: 8 },
    { x: 20, mean: 6, lowest: 6, highest: 6 },
  ]);
});

test('copying: modules are as dark as they were active, and the symbols stand under their steps', () => {
  const steps = 40;
  const inputs = Array.from({ length: steps }, (_, step) => (step < 10 ? 1 + (step % 8) : step === 29 ? 9 : 0));
  const targets = Array.from({ length: steps }, (_, step) => (step >= 30 ? 1 + ((step - 30) % 8) : 0));
  // module 0 always, module 1 in every fourth step, module 2 never
  const active = inputs.map((_, step) => [1, step % 4 === 0 ? 1 : 0, 0]);
  const svg = copyingPicture({ inputs, targets, outputs: targets, active }, 'rim 3 × 4');
  const [whole = '', first = '', last = ''] = charts(svg);
  near(width(whole, activeColor) / width(whole, idleColor), (1 + 1 / 4) / (3 / 4 + 1));
  const texts = (chart: string): string[] =>
    [...chart.matchAll(/>([0-9?])<\/text>/g)].map(([, text]) => text as string);
  const symbols = ['1', '2', '3', '4', '5', '6', '7', '8', '1', '2'];
  assert.deepEqual(texts(first).slice(-10), symbols);
  assert.deepEqual(texts(last).slice(-21), ['?', ...symbols, ...symbols]);
  assert.ok(svg.includes('rim 3 × 4'));
});

test('adding: the two marked numbers are named, in their places', () => {
  const inputs = Array.from({ length: 8 }, (_, step): [number, number, number] => [
    step / 8,
    step === 2 ? 1 : 0,
    step === 5 ? 1 : 0,
  ]);
  const active = inputs.map(() => [1, 0]);
  const svg = addingPicture({ inputs, target: 0.875, output: 0.5, active }, 'rim');
  const [modules = '', numbers = ''] = charts(svg);
  near(width(modules, activeColor), width(modules, idleColor));
  assert.deepEqual(
    [...numbers.matchAll(/>(0\.\d{3})<\/text>/g)].map(([, text]) => text),
    ['0.250', '0.625'],
  );
  assert.match(svg, /the sum is 0\.875, said was 0\.500/);
});

test('language model: the words stand under the modules, those that came as a surprise in orange', () => {
  const inputs = ['<eos>', 'call', 'me', 'ishmael', '.'];
  const probabilities = [0.01, 0.5, 0.0001, 0.25, 0.1];
  const active = inputs.map((_, step) => [1, step === 0 ? 1 : 0]);
  const targets = [...inputs.slice(1), 'some'];
  const svg = languagePicture({ inputs, targets, probabilities, continuation: [], active }, 'rim');
  const [modules = '', words = ''] = charts(svg);
  near(width(modules, activeColor) / width(modules, idleColor), 6 / 4);
  const shown = [...words.matchAll(/<text [^>]*fill="([^"]+)"[^>]*>([^<]+)<\/text>/g)];
  assert.deepEqual(
    shown.map(([, fill, word]) => [word, fill === '#d55e00']),
    [
      ['&lt;eos&gt;', false],
      ['call', false],
      ['me', false],
      ['ishmael', true],
      ['.', false],
    ],
  );
});

test('images: each module has a map with a blue pixel wherever it was active', () => {
  const inputs = [0, 1, 1, 0];
  const active = [
    [1, 0],
    [1, 0],
    [0, 1],
    [1, 0],
  ];
  const sample = { size: 2, channels: 1, levels: 2, inputs, target: 1, probabilities: [0.25, 0.75], active };
  const [, maps = ''] = charts(imageModulesPicture(sample, 'Digits', 'rim'));
  const count = (fill: string): number => maps.split(`fill="${fill}"`).length - 1;
  // blank and ink, while active and while not, in both maps; then the image itself
  assert.deepEqual(['#9ecae1', '#08306b', '#f4f4f4', '#888888', '#ffffff', '#000000'].map(count), [2, 2, 2, 2, 2, 2]);
  const colours = { size: 1, channels: 3, levels: 256, inputs: [255, 0, 16], target: 0, probabilities: [1] };
  const picture = imageModulesPicture({ ...colours, active: [[1]] }, 'Pictures', 'rim');
  assert.ok(picture.includes('#ff0010'));
});

test('accuracy against resolution: ours by either selection, and the published ones beside', (context) => {
  const runs = new MadeUpRuns(context);
  const chosen = (accuracy: number, sizes: readonly number[]) => ({
    value: 1,
    sets: Object.fromEntries(sizes.map((size) => [`test-${size}`, { accuracy: accuracy / size }])),
  });
  for (const seed of [1, 2])
    runs.add({
      ...{ task: 'sequential-mnist', options: { seed } },
      tests: { validation: chosen(4 * seed, [10, 20]), 'paper-20': chosen(10, [20]) },
    });
  const column = { metric: 'accuracy', scale: 100 };
  const table: PaperTable = {
    ...{ name: 'x', task: 'sequential-mnist', title: 'X', figures: '', selections: [], notes: [] },
    columns: [10, 20].map((size) => ({ ...column, name: `${size}`, set: `test-${size}` })),
    rows: [{ name: 'NET', published: { cells: [80, 40], source: 'a paper', digits: 0, unverified: true } }],
  };
  const svg = resolutionPicture(armsOf('sequential-mnist', readTaskRuns([runs.path])), table);
  assert.ok(svg.includes('NET, published, unverified'));
  const [usual = '', paper = ''] = charts(svg);
  const [ours] = lines(usual);
  const published = lines(paper).at(-1);
  // Both charts go from 0 to 100: means 60 and 30 beside 80 and 40 of the paper
  const top = (y: number | undefined): number => 300 - 42 - (y ?? NaN);
  near(top(ours?.[0]?.[1]) / top(published?.[0]?.[1]), 60 / 80);
  near(top(ours?.[1]?.[1]) / top(published?.[1]?.[1]), 30 / 40);
});

test('learning curves: a chart for each set, the cross-entropy of copying on a logarithmic axis', (context) => {
  const runs = new MadeUpRuns(context);
  const evaluations = [1, 0.1, 0.001].map((lastTen) => ({ validation: { lastTen }, 'length-200': { lastTen: 2 } }));
  runs.add({ evaluations });
  const arms = armsOf('copying', readTaskRuns([runs.path]));
  const svg = taskCurvesPicture(arms, curveFigures['copying'] as NonNullable<(typeof curveFigures)[string]>);
  assert.ok(svg.includes('validation') && svg.includes('length-200') && svg.includes('rim 6 × 100, 4 active (1 seed)'));
  const [[start, middle, end] = []] = lines(charts(svg)[0] ?? '');
  const [first, second] = [(middle?.[1] ?? NaN) - (start?.[1] ?? NaN), (end?.[1] ?? NaN) - (middle?.[1] ?? NaN)];
  near(second / first, 2);
  near(((end?.[0] ?? NaN) - (start?.[0] ?? NaN)) / ((middle?.[0] ?? NaN) - (start?.[0] ?? NaN)), 2);
});

test('where a seed has ended, the mean of the others is dotted, and its range ends', (context) => {
  const runs = new MadeUpRuns(context);
  const reached = (values: readonly number[]) => values.map((lastTen) => ({ validation: { lastTen } }));
  runs.add({ options: { seed: 1 }, evaluations: reached([1, 0.5, 0.25, 0.125]) });
  runs.add({ options: { seed: 2 }, evaluations: reached([1, 0.5]) });
  const arms = armsOf('copying', readTaskRuns([runs.path]));
  const svg = taskCurvesPicture(arms, curveFigures['copying'] as NonNullable<(typeof curveFigures)[string]>);
  assert.ok(svg.includes('dotted: the others, where a seed has ended'));
  const drawn = lines(charts(svg)[0] ?? '');
  assert.deepEqual(
    drawn.map((points) => points.length),
    [2, 3],
  );
  assert.deepEqual(drawn[0]?.at(-1), drawn[1]?.[0]);
});

test('a run that has just begun hides no curve of its seed', (context) => {
  const runs = new MadeUpRuns(context);
  runs.add({ evaluations: [{ validation: { lastTen: 2 } }] });
  runs.add({});
  const [curves] = taskFigures('copying', readTaskRuns([runs.path]));
  assert.equal(curves?.figures.length, 1);
});

test('a newer run without a result does not stand for a finished one of its seed', (context) => {
  const runs = new MadeUpRuns(context);
  const finished = runs.copying([0.5]);
  runs.add({ evaluations: [{ validation: { lastTen: 2 } }] });
  const [arm] = armsOf('copying', readTaskRuns([runs.path]));
  assert.deepEqual(
    arm?.runs.map(({ path }) => path),
    finished,
  );
});

test('arms are named by their network and what not all of them have', (context) => {
  const runs = new MadeUpRuns(context);
  runs.copying([1, 2], { dropout: 0.5 });
  runs.copying([1], { dropout: 0.5, communication: false });
  runs.copying([1], { core: 'lstm', hidden: 300, learningRate: 0.5 });
  const arms = armsOf('copying', readTaskRuns([runs.path]));
  assert.deepEqual(
    arms.map(({ name, runs: own }) => [name, own.length]),
    [
      ['rim 6 × 100, 4 active, dropout 0.5', 2],
      ['rim 6 × 100, 4 active, no communication, dropout 0.5', 1],
      ['lstm 300, learning rate 0.5', 1],
    ],
  );
});
