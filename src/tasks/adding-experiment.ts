import * as tf from '@tensorflow/tfjs';
import { lastStep } from '../../agents/cores/last-step.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import type { Random } from '../../agents/random.ts';
import { LengthExperiment, type LengthOptions } from './length-experiment.ts';
import { SequenceNetwork } from './sequence-network.ts';
import type { SequenceParameters } from './task.ts';

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
export function addingExperiment(options: LengthOptions, kernels: Kernels): LengthExperiment<AddingBatch> {
  const network = new SequenceNetwork({ core: options.core, input: { width }, outputs: 1 }, kernels);
  const said = (parameters: SequenceParameters, { inputs, size }: AddingBatch, dropoutSeed?: number) => {
    const result = network.run(parameters, inputs, size, dropoutSeed);
    const decoded = network.decode(parameters, lastStep(result.hidden));
    return { ...result, sums: tf.squeeze<tf.Tensor1D>(decoded, [1]) };
  };
  return new LengthExperiment({
    ...{ ...options, network },
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
