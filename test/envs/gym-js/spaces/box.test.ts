import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Box } from 'gym-js';

/** Mean and standard deviation. */
function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) < tolerance, `${actual} is not near ${expected}`);

test('a box knows its shape, size and bounds', () => {
  const box = new Box({ low: [-1, 0], high: 2, shape: [2], dtype: 'float32' });
  assert.equal(box.size, 2);
  assert.deepEqual([box.low(0), box.low(1), box.high(0), box.high(1)], [-1, 0, 2, 2]);
  assert.equal(new Box({ low: 0, high: 1, shape: [], dtype: 'float32' }).size, 1, 'a scalar');
});

test('every sample is an element, of the right array type', () => {
  for (const dtype of ['uint8', 'int32', 'float32', 'float64'] as const) {
    const box = new Box({ low: 3, high: 7, shape: [4, 5], dtype });
    box.seed(1);
    for (let i = 0; i < 50; i++) assert.ok(box.contains(box.sample()));
  }
  const names = (['uint8', 'int32', 'float32', 'float64'] as const).map(
    (dtype) => new Box({ low: 0, high: 1, shape: [1], dtype }).sample().constructor.name,
  );
  assert.deepEqual(names, ['Uint8Array', 'Int32Array', 'Float32Array', 'Float64Array']);
});

test('samples follow the bounds: uniform, exponential, normal', () => {
  const size = 40_000;
  const drawn = (low: number, high: number, dtype: 'float64' | 'int32'): number[] => {
    const box = new Box({ low, high, shape: [size], dtype });
    box.seed(5);
    return [...box.sample()];
  };
  const uniform = moments(drawn(-2, 4, 'float64'));
  near(uniform.mean, 1, 0.05);
  near(uniform.deviation, 6 / Math.sqrt(12), 0.05);
  const above = drawn(10, Infinity, 'float64');
  near(moments(above).mean, 11, 0.05);
  near(moments(above).deviation, 1, 0.05);
  assert.ok(above.every((x) => x >= 10));
  const below = drawn(-Infinity, 10, 'float64');
  near(moments(below).mean, 9, 0.05);
  assert.ok(below.every((x) => x <= 10));
  const normal = moments(drawn(-Infinity, Infinity, 'float64'));
  near(normal.mean, 0, 0.05);
  near(normal.deviation, 1, 0.05);
  const dice = drawn(1, 6, 'int32');
  for (let side = 1; side <= 6; side++) near(dice.filter((x) => x === side).length / size, 1 / 6, 0.01);
});

test('the same seed gives the same samples, another seed others', () => {
  const box = new Box({ low: 0, high: 1, shape: [8], dtype: 'float64' });
  box.seed(3);
  const first = box.sample();
  assert.notDeepEqual(box.sample(), first);
  box.seed(3);
  assert.deepEqual(box.sample(), first);
  box.seed(4);
  assert.notDeepEqual(box.sample(), first);
  box.seed(3 + 2 ** 32);
  assert.notDeepEqual(box.sample(), first, 'seeds count beyond 32 bits');
});

test('what is not an element is refused', () => {
  const box = new Box({ low: 0, high: [1, 2], shape: [2], dtype: 'float32' });
  assert.ok(box.contains(Float32Array.of(1, 2)));
  for (const other of [
    Float32Array.of(1.5, 2),
    Float32Array.of(NaN, 1),
    Float32Array.of(1),
    Float64Array.of(1, 2),
    [1, 2],
    undefined,
  ]) {
    assert.ok(!box.contains(other));
  }
});

test('a box that cannot be is refused by name and value', () => {
  const refused = (options: Partial<ConstructorParameters<typeof Box>[0]>, message: RegExp): void =>
    void assert.throws(() => new Box({ low: 0, high: 1, shape: [2], dtype: 'uint8', ...options }), {
      name: 'RangeError',
      message,
    });
  refused({ low: 2 }, /low 2 is not below or equal to high 1/);
  refused({ low: NaN }, /NaN/);
  refused({ high: 256 }, /bound 256 is not a whole number from 0 to 255/);
  refused({ high: Infinity }, /Infinity/);
  refused({ high: [1, 1, 1] }, /high has 3 elements, the shape 2/);
  refused({ shape: [1.5] }, /shape \[1.5\]/);
  assert.throws(() => new Box({ low: 0, high: 1, shape: [1], dtype: 'uint8' }).seed(-1), RangeError);
});
