import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { settingsOf, taskNamed } from './small-runs.ts';

before(() => loadTensorFlow());

/** An experiment of a small gru, and the metrics of a set where all parameters are zero but for the decoder's bias. */
async function zeroed(name: string, bias: readonly number[]) {
  const task = taskNamed(name);
  const given = { core: 'gru', hidden: 3, embedding: 2, trainLength: 6, testLengths: '9,6' };
  const experiment = await task.open(settingsOf(task, given), selectKernels('portable'));
  const metricsOf = (set: string) => {
    const vector = tf.zeros<tf.Rank.R1>([experiment.layout.size]);
    const tensors = experiment.layout.split(vector);
    const { decoder, ...others } = experiment.layout.named(tensors);
    const own = { ...others, decoder: { ...decoder, bias: tf.tensor1d([...bias]) } };
    const { metrics } = experiment.evaluate(own, set);
    tf.dispose([vector, tensors, own.decoder.bias]);
    return metrics as Record<string, number>;
  };
  return { experiment, metricsOf };
}

test('sequences of all lengths are tested on, the learned one first, none twice', async () => {
  const { experiment } = await zeroed('adding', [1]);
  assert.deepEqual(experiment.validation, ['validation', 'length-9', 'length-6']);
  assert.deepEqual(
    experiment.selections.map(({ set, tests }) => [set, tests]),
    [['validation', ['test-6', 'test-9']]],
  );
});

test('copying: who says blank with logit b pays ln(exp(b) + 8) for a symbol, and b less for a blank', async () => {
  const b = 1.5;
  const { metricsOf } = await zeroed('copying', [b, ...Array<number>(8).fill(0)]);
  const symbol = Math.log(Math.exp(b) + 8);
  for (const [set, length] of [
    ['validation', 6],
    ['test-6', 6],
    ['length-9', 9],
    ['test-9', 9],
  ] as const) {
    const { lastTen, all, accuracy } = metricsOf(set) as { lastTen: number; all: number; accuracy: number };
    assert.ok(Math.abs(lastTen - symbol) < 1e-5, `${set}: ${lastTen}`);
    assert.ok(Math.abs(all - (symbol - (b * (length + 10)) / (length + 20))) < 1e-5, `${set}: ${all}`);
    assert.equal(accuracy, 0);
  }
});

test('adding: who always says 1 errs by 1/6, and each set is drawn anew', async () => {
  const { metricsOf } = await zeroed('adding', [1]);
  const found = ['validation', 'test-6', 'length-6'].map((set) => metricsOf(set)['squaredError'] as number);
  // The sum less 1 is triangular on -1 to 1: its square has mean 1/6 and variance 1/15 - 1/36; a set has 512 of them.
  for (const error of found) assert.ok(Math.abs(error - 1 / 6) < 4 * Math.sqrt((1 / 15 - 1 / 36) / 512), String(error));
  assert.equal(new Set(found).size, found.length);
});
