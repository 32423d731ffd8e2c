import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { Kernels } from '../../agents/kernels/index.ts';
import { Random } from '../../agents/random.ts';
import { coreOptions, coreSettings } from '../core-settings.ts';
import type { EvaluatedSet } from '../runs/task-lines.ts';
import { setting } from '../setting.ts';
import { SequenceActivation } from './activation.ts';
import { seedOfSet } from './fixed-set.ts';
import { type NetworkParameters, SequenceNetwork } from './sequence-network.ts';
import { readSizes, sizes, trainingSettings } from './settings.ts';
import type { Experiment, Task } from './task.ts';

const goyal = 'Goyal et al. 2019, adding';

const { core, ...network } = coreSettings({
  core: 'rim',
  ...{ modules: 6, units: 100, active: 4, hidden: 600, layers: '6x50:4,3x100:2', commKey: 16, commValue: 16 },
  ...{ dropout: 0, rimInit: 'paper', source: goyal },
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
    source: goyal,
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

/** Sequences in each evaluation, in batches of this size. */
const [evaluated, evaluatedAtOnce] = [512, 128];

class Adding implements Experiment<AddingBatch, 'encoder' | 'core' | 'decoder'> {
  readonly validation: readonly string[];
  readonly selections: Experiment['selections'];
  readonly #network: SequenceNetwork;
  readonly #settings: z.infer<typeof settings>;
  /** Length of each set's sequences. */
  readonly #lengths: ReadonlyMap<string, number>;

  constructor(given: z.infer<typeof settings>, kernels: Kernels) {
    const tests = readSizes('testLengths', given.testLengths, 2, 100_000);
    this.#settings = given;
    this.#network = new SequenceNetwork({ core: coreOptions(given), input: { width }, outputs: 1 }, kernels);
    this.#lengths = new Map([
      ['validation', given.trainLength],
      ...tests.flatMap((length) => ['length', 'test'].map((kind) => [`${kind}-${length}`, length] as const)),
    ]);
    this.validation = ['validation', ...tests.map((length) => `length-${length}`)];
    this.selections = [
      {
        name: 'validation',
        ...{ set: 'validation', metric: 'squaredError', best: 'low' },
        tests: tests.map((length) => `test-${length}`),
      },
    ];
  }

  get layout() {
    return this.#network.layout;
  }

  get core() {
    return this.#network.core;
  }

  nextBatch(random: Random): AddingBatch {
    return addingBatch(random, this.#settings.trainLength, this.#settings.batch);
  }

  loss(parameters: NetworkParameters, batch: AddingBatch, dropoutSeed?: number): tf.Scalar {
    return tf.mean(this.#squaredErrors(parameters, batch, dropoutSeed).errors);
  }

  /** Metric: mean squared error of the sum. */
  evaluate(parameters: NetworkParameters, set: string): EvaluatedSet {
    const length = this.#lengths.get(set) as number;
    const random = new Random(seedOfSet(set));
    const activation = new SequenceActivation(this.core);
    let sum = 0;
    for (let done = 0; done < evaluated; done += evaluatedAtOnce) {
      const batch = addingBatch(random, length, evaluatedAtOnce);
      tf.tidy(() => {
        const { errors, ...result } = this.#squaredErrors(parameters, batch);
        activation.add(result.hidden, result.activation);
        sum += tf.sum(errors).dataSync()[0] as number;
      });
    }
    return { metrics: { squaredError: sum / evaluated }, activation: activation.statistics() };
  }

  /** A sequence of the first test length: its numbers and marks, the sum, what was said, the modules active. */
  sample(parameters: NetworkParameters) {
    const [set] = this.selections[0].tests as [string];
    const batch = addingBatch(new Random(seedOfSet('sample')), this.#lengths.get(set) as number, 1);
    return tf.tidy(() => {
      const { said, activation } = this.#squaredErrors(parameters, batch);
      return {
        inputs: tf.tensor2d(batch.inputs, [batch.inputs.length / width, width]).arraySync(),
        target: batch.targets[0],
        output: said.dataSync()[0],
        ...(activation && { active: tf.squeeze<tf.Tensor2D>(activation.active, [1]).arraySync() }),
      };
    });
  }

  #squaredErrors(parameters: NetworkParameters, batch: AddingBatch, dropoutSeed?: number) {
    const result = this.#network.run(parameters, batch.inputs, batch.size, dropoutSeed);
    const said = tf.squeeze<tf.Tensor1D>(this.#network.decode(parameters, lastStep(result.hidden)), [1]);
    return { ...result, said, errors: tf.square(tf.sub(said, tf.tensor1d(batch.targets))) };
  }
}

/** (T, B, H) to (B, H) */
function lastStep(hidden: tf.Tensor3D): tf.Tensor2D {
  const [steps] = hidden.shape;
  return tf.squeeze(tf.slice(hidden, steps - 1), [0]);
}

export const adding: Task = {
  name: 'adding',
  summary: 'add two marked numbers out of many; learn short sequences, be tested on long ones',
  settings,
  open: (given, kernels) => Promise.resolve(new Adding(settings.parse(given), kernels)),
};
