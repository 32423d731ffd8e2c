import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../agents/random.ts';
import { addingBatch } from '../../../src/tasks/adding-experiment.ts';
import { copyingBatch } from '../../../src/tasks/copying-experiment.ts';

/** Step t of every sequence. */
const row = (values: ArrayLike<number>, t: number, size: number): number[] =>
  Array.from(values).slice(t * size, (t + 1) * size);

test('copying: ten symbols, T - 1 blanks, the marker, ten blanks; the target is the symbols at the end', () => {
  const [size, length] = [5, 50];
  const { inputs, targets } = copyingBatch(new Random(3), length, size);
  assert.equal(inputs.length, (length + 20) * size);
  assert.equal(targets.length, inputs.length);
  const steps = [...Array(length + 20).keys()];
  for (const b of [...Array(size).keys()]) {
    const sequence = steps.map((t) => inputs[t * size + b] as number);
    const target = steps.map((t) => targets[t * size + b] as number);
    const symbols = sequence.slice(0, 10);
    assert.ok(symbols.every((symbol) => symbol >= 1 && symbol <= 8));
    assert.deepEqual(sequence.slice(10), [...Array<number>(length - 1).fill(0), 9, ...Array<number>(10).fill(0)]);
    assert.deepEqual(target, [...Array<number>(length + 10).fill(0), ...symbols]);
  }
});

test('copying: the symbols are uniform in 1 to 8 and independent of their place', () => {
  const size = 8000;
  const { inputs } = copyingBatch(new Random(1), 1, size);
  for (let t = 0; t < 10; t++)
    for (let symbol = 1; symbol <= 8; symbol++) {
      const count = row(inputs, t, size).filter((value) => value === symbol).length;
      // Binomial: 1000 expected, standard deviation 29.6; 80 such counts lie within 4.5 of it but once in 1,800 seeds.
      assert.ok(Math.abs(count - 1000) < 4.5 * 29.6, `${count} times symbol ${symbol} in step ${t}`);
    }
});

test('adding: a mark per stream, in the first and the second half; the target is the sum of the marked', () => {
  const [size, length] = [200, 9];
  const { inputs, targets } = addingBatch(new Random(5), length, size);
  const at = (t: number, b: number, stream: number): number => inputs[(t * size + b) * 3 + stream] as number;
  const seen = [new Set<number>(), new Set<number>()];
  for (let b = 0; b < size; b++) {
    const marks = [1, 2].map((stream) => [...Array(length).keys()].filter((t) => at(t, b, stream) !== 0));
    for (const [stream, steps] of marks.entries()) {
      assert.equal(steps.length, 1);
      assert.equal(at(steps[0] as number, b, stream + 1), 1);
      seen[stream]?.add(steps[0] as number);
    }
    const sum = marks.reduce((total, [t]) => total + at(t as number, b, 0), 0);
    assert.ok(Math.abs((targets[b] as number) - sum) < 1e-6);
  }
  assert.deepEqual([...(seen[0] ?? [])].sort(), [0, 1, 2, 3]);
  assert.deepEqual([...(seen[1] ?? [])].sort(), [4, 5, 6, 7, 8]);
});

test('adding: numbers are uniform in [0, 1): mean 1/2 and variance 1/12', () => {
  const { inputs } = addingBatch(new Random(2), 100, 200);
  const values = inputs.filter((_, i) => i % 3 === 0);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  assert.ok(values.every((value) => value >= 0 && value < 1));
  assert.ok(Math.abs(mean - 1 / 2) < 0.01, String(mean));
  assert.ok(Math.abs(variance - 1 / 12) < 0.003, String(variance));
});
