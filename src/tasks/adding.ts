import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { lastStep } from '../../agents/cores/last-step.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import type { Random } from '../../agents/random.ts';
import { coreOptions, coreSettings, mnistLayers } from '../core-settings.ts';
import { setting } from '../setting.ts';
import { LengthExperiment } from './length-experiment.ts';
import { type NetworkParameters, SequenceNetwork } from './sequence-network.ts';
import { readSizes, sizes, trainingSettings } from './settings.ts';
import type { Task } from './task.ts';

const goyal = 'Goyal et al. 2019, adding';

const { core, ...network } = coreSettings({
  core: 'rim',
  ...{ modules: 6, units: 100, active: 4, hidden: 600, layers: mnistLayers.layers, commKey: 16, commValue: 16 },
  ...{ dropout: 0, rimInit: 'paper', sources: { layers: mnistLayers.source } },
});

const settings = z.strictObject({
  core,
  ...trainingSettings({
    updates: 10_000,
    batch: 64,
    learningRate: 1e-3,
    maxGradNorm: 1,
    evaluateEvery: 250,
    patience: 12,
  }),
  trainLength: setting(z.number().int().min(2).max(100_000).default(50), {
    group: 'task',
    text: 'steps of the sequences that are learned from',
    source: goyal,
  }),
  testLengths: sizes('200', { group: 'task', text: 'steps of the sequences on which it is tested', source: goyal }),
  ...network,
});

/** Sequences of one length: inputs (T, B, 3), time-major; targets (B). */
export interface AddingBatch {
  readonly inputs: Float32Array;
  readonly targets: Float32Array;
  readonly size: number;
}

/** Numbers of a step: a value, and whether it is the first or the second to be added. */
const width = 3;

/**
 * Each step brings a number, uniform in [0, 1), and two marks: one stream marks a step of the first half, the other one
 * of the second (Hochreiter and Schmidhuber 1997, two one-hot streams as in Goyal et al. 2019). Target, after the last
 * step: the sum of the two marked numbers.
 */
export function addingBatch(random: Random, length: number, size: number): AddingBatch {
  const inputs = new Float32Array(length * size * width);
  const targets = new Float32Array(size);
  const half = Math.floor(length / 2);
  for (let b = 0; b < size; b++) {
    const marked = [random.integer(half), half + random.integer(length - half)];
    for (let t = 0; t < length; t++) inputs[(t * size + b) * width] = random.uniform();
    for (const [stream, t] of marked.entries()) {
      const at = (t * size + b) * width;
      inputs[at + 1 + stream] = 1;
      targets[b] = (targets[b] as number) + (inputs[at] as number);
    }
  }
  return { inputs, targets, size };
}

/** Metric: mean squared error of the sum. Example: numbers and marks of each step, the sum, and what was said. */
function addingExperiment(given: z.infer<typeof settings>, kernels: Kernels): LengthExperiment<AddingBatch> {
  const network = new SequenceNetwork({ core: coreOptions(given), input: { width }, outputs: 1 }, kernels);
  const said = (parameters: NetworkParameters, { inputs, size }: AddingBatch, dropoutSeed?: number) => {
    const result = network.run(parameters, inputs, size, dropoutSeed);
    const decoded = network.decode(parameters, lastStep(result.hidden));
    return { ...result, sums: tf.squeeze<tf.Tensor1D>(decoded, [1]) };
  };
  return new LengthExperiment({
    network,
    trainLength: given.trainLength,
    testLengths: readSizes('testLengths', given.testLengths, 2, 100_000),
    batch: given.batch,
    deciding: 'squaredError',
    draw: addingBatch,
    predict(parameters, batch, dropoutSeed) {
      const { sums, ...result } = said(parameters, batch, dropoutSeed);
      const squaredError = tf.mean<tf.Scalar>(tf.square(tf.sub(sums, tf.tensor1d(batch.targets))));
      return { ...result, loss: squaredError, metrics: { squaredError } };
    },
    example(parameters, { inputs, targets, size }) {
      const { sums, activation } = said(parameters, { inputs, targets, size });
      const steps = tf.tensor2d(inputs, [inputs.length / width, width]).arraySync();
      return { inputs: steps, target: targets[0], output: sums.dataSync()[0], activation };
    },
  });
}

export const adding: Task = {
  name: 'adding',
  summary: 'add two marked numbers out of many; learn short sequences, be tested on long ones',
  settings,
  open: (given, kernels) => Promise.resolve(addingExperiment(settings.parse(given), kernels)),
};
