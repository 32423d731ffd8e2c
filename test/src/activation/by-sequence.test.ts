import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Random } from '../../../agents/random.ts';
import { activeSteps, SequenceActivation } from '../../../src/activation/by-sequence.ts';
import { k, n, near, randomStep, slowStatistics, type Step, width } from './slow-statistics.ts';

before(() => tf.setBackend('cpu'));

const core = { outputSize: width, modules: { count: n, active: k } };

/** (T, B, size), of sequences that lie side by side. */
function tensor(sequences: readonly Step[][], pick: (step: Step) => number[]): tf.Tensor3D {
  const steps = sequences[0]?.map((_, t) => sequences.map((sequence) => pick(sequence[t] as Step))) ?? [];
  return tf.tensor3d(steps);
}

test('statistics over batches of sequences equal a plain computation of their definitions', () => {
  const random = new Random(5);
  const recorder = new SequenceActivation(core);
  const all: Step[][] = [];
  for (const [steps, batch] of [
    [30, 4],
    [1, 3], // no step has one before it
    [12, 2],
  ] as const) {
    const sequences = Array.from({ length: batch }, () => Array.from({ length: steps }, () => randomStep(random)));
    all.push(...sequences);
    recorder.add(
      tensor(sequences, ({ hidden }) => hidden),
      {
        active: tensor(sequences, ({ active }) => active),
        nullAttention: tensor(sequences, ({ nullAttention }) => nullAttention),
      },
    );
  }
  near(recorder.statistics(), slowStatistics(all), 1e-6); // tensors are float32
});

test('a core without modules has its share of hidden units near zero, and nothing else', () => {
  const recorder = new SequenceActivation({ outputSize: 4, modules: undefined });
  recorder.add(tf.tensor3d([0.009, -0.009, 0.011, 1, 0, 0, 0, 0], [2, 1, 4]), undefined);
  assert.deepEqual(recorder.statistics(), { nearZero: 0.75 });
});

test('for a sample the modules that were active, step by step; nothing of a core without', () => {
  assert.deepEqual(activeSteps(tf.tensor3d([1, 0, 0, 1], [2, 1, 2])), {
    active: [
      [1, 0],
      [0, 1],
    ],
  });
  assert.deepEqual(activeSteps(undefined), {});
});
