import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normal, orthogonal, perModule, uniform } from '../../agents/initializers.ts';
import { Random } from '../../agents/random.ts';

/** Largest deviation of the shorter side's vectors from being orthogonal with length `gain`. */
function deviation(matrix: Float32Array, rows: number, columns: number, gain: number): number {
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const at = (i: number, j: number): number => matrix[rows < columns ? i * columns + j : j * columns + i] as number;
  let worst = 0;
  for (let a = 0; a < count; a++) {
    for (let b = a; b < count; b++) {
      let dot = 0;
      for (let j = 0; j < length; j++) dot += at(a, j) * at(b, j);
      worst = Math.max(worst, Math.abs(dot - (a === b ? gain * gain : 0)));
    }
  }
  return worst;
}

for (const [rows, columns] of [
  [30, 20],
  [20, 30],
  [16, 16],
  [31, 23],
  [3, 40],
  [2, 2],
  [7, 1],
  [700, 130],
] as const) {
  test(`a ${rows}x${columns} orthogonal matrix is one, times its gain`, () => {
    const matrix = orthogonal(Math.SQRT2)([rows, columns], new Random(1));
    assert.ok(deviation(matrix, rows, columns, Math.SQRT2) < 1e-5);
  });
}

test('a convolution is orthogonal as the matrix of its inputs and outputs', () => {
  assert.ok(deviation(orthogonal(1)([4, 4, 3, 8], new Random(1)), 48, 8, 1) < 1e-5);
});

test('grouped weights are orthogonal within each module and differ between modules', () => {
  const all = perModule(orthogonal(1))([3, 5, 4], new Random(1));
  const modules = [0, 20, 40].map((start) => all.subarray(start, start + 20));
  for (const matrix of modules) assert.ok(deviation(matrix, 5, 4, 1) < 1e-5);
  assert.notDeepEqual(modules[0], modules[1]);
});

test('normal and uniform draws have the moments that their names say', () => {
  const moments = (values: Float32Array): [number, number] => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return [mean, Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length)];
  };
  const [mean, spread] = moments(normal(0.5)([100, 100], new Random(1)));
  assert.ok(Math.abs(mean) < 0.02 && Math.abs(spread - 0.5) < 0.02);
  const even = uniform(0.3)([100, 100], new Random(1));
  const [evenMean, evenSpread] = moments(even);
  assert.ok(Math.abs(evenMean) < 0.01 && Math.abs(evenSpread - 0.3 / Math.sqrt(3)) < 0.01);
  assert.ok(even.every((value) => value >= -0.3 && value < 0.3));
});

test('a generator put back to a saved state goes on as it did', () => {
  const random = new Random(9);
  random.normal();
  const state = random.save();
  const draw = (): number[] => [random.uniform(), random.integer(10), random.normal()];
  const first = draw();
  random.restore(state);
  assert.deepEqual(draw(), first);
});
