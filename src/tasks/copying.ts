import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import type { Kernels } from '../../agents/kernels/index.ts';
import { Random } from '../../agents/random.ts';
import { coreOptions, coreSettings } from '../core-settings.ts';
import type { EvaluatedSet } from '../runs/task-lines.ts';
import { count, setting } from '../setting.ts';
import { SequenceActivation } from './activation.ts';
import { seedOfSet } from './fixed-set.ts';
import { crossEntropies, type NetworkParameters, SequenceNetwork } from './sequence-network.ts';
import { readSizes, sizes, trainingSettings } from './settings.ts';
import type { Experiment, Task } from './task.ts';

const goyal = 'Goyal et al. 2019, copying';

/** Symbols to remember, each 1 to 8; 0 is blank, 9 asks for the symbols. */
const [symbols, kinds, blank, marker] = [10, 8, 0, 9];

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
  trainLength: setting(count(50, 10_000), {
    group: 'task',
    text: 'T of the sequences that are learned from: T - 1 blank steps lie between symbols and marker',
    source: goyal,
  }),
  testLengths: sizes('200', { group: 'task', text: 'T of the sequences on which it is tested', source: goyal }),
  embedding: setting(count(100, 8192), { group: 'task', text: 'width of the vector that stands for a symbol' }),
  ...network,
});

/** Sequences of one length, time-major: (T + 20, B) each. */
export interface CopyingBatch {
  readonly inputs: Uint8Array;
  readonly targets: Uint8Array;
  readonly size: number;
}

/**
 * Ten symbols, T - 1 blank steps, the marker, ten blank steps (Hochreiter and Schmidhuber 1997; lengths as in Goyal et
 * al. 2019). Target: blank, and in the last ten steps the symbols.
 */
export function copyingBatch(random: Random, length: number, size: number): CopyingBatch {
  const steps = length + 2 * symbols;
  const inputs = new Uint8Array(steps * size).fill(blank);
  const targets = new Uint8Array(steps * size).fill(blank);
  for (let b = 0; b < size; b++) {
    for (let i = 0; i < symbols; i++) {
      const symbol = 1 + random.integer(kinds);
      inputs[i * size + b] = symbol;
      targets[(steps - symbols + i) * size + b] = symbol;
    }
    inputs[(steps - symbols - 1) * size + b] = marker;
  }
  return { inputs, targets, size };
}

/** Sequences in each evaluation, in batches of this size. */
const [evaluated, evaluatedAtOnce] = [512, 128];

class Copying implements Experiment<CopyingBatch, 'encoder' | 'core' | 'decoder'> {
  readonly validation: readonly string[];
  readonly selections: Experiment['selections'];
  readonly #network: SequenceNetwork;
  readonly #settings: z.infer<typeof settings>;
  /** Length of each set's sequences. */
  readonly #lengths: ReadonlyMap<string, number>;

  constructor(given: z.infer<typeof settings>, kernels: Kernels) {
    const tests = readSizes('testLengths', given.testLengths, 1, 100_000);
    this.#settings = given;
    this.#network = new SequenceNetwork(
      {
        core: coreOptions(given),
        input: { vocabulary: marker + 1, embedding: given.embedding },
        outputs: kinds + 1,
      },
      kernels,
    );
    this.#lengths = new Map([
      ['validation', given.trainLength],
      ...tests.flatMap((length) => ['length', 'test'].map((kind) => [`${kind}-${length}`, length] as const)),
    ]);
    this.validation = ['validation', ...tests.map((length) => `length-${length}`)];
    this.selections = [
      {
        name: 'validation',
        ...{ set: 'validation', metric: 'lastTen', best: 'low' },
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

  nextBatch(random: Random): CopyingBatch {
    return copyingBatch(random, this.#settings.trainLength, this.#settings.batch);
  }

  loss(parameters: NetworkParameters, batch: CopyingBatch, dropoutSeed?: number): tf.Scalar {
    return tf.mean(this.#crossEntropies(parameters, batch, dropoutSeed).all);
  }

  /** Metrics: mean cross-entropy over the last ten steps (`lastTen`) and over all; share of right symbols. */
  evaluate(parameters: NetworkParameters, set: string): EvaluatedSet {
    const length = this.#lengths.get(set) as number;
    const random = new Random(seedOfSet(set));
    const activation = new SequenceActivation(this.core);
    const sums = [0, 0, 0];
    for (let done = 0; done < evaluated; done += evaluatedAtOnce) {
      const batch = copyingBatch(random, length, evaluatedAtOnce);
      tf.tidy(() => {
        const { all, logits, ...result } = this.#crossEntropies(parameters, batch);
        activation.add(result.hidden, result.activation);
        const last = symbols * batch.size;
        const first = batch.targets.length - last;
        const right = tf.equal(tf.argMax(tf.slice(logits, first), 1), tf.tensor1d(batch.targets.slice(first), 'int32'));
        const means = [tf.mean(tf.slice(all, first)), tf.mean(all), tf.mean(tf.cast(right, 'float32'))];
        for (const [i, mean] of means.entries()) sums[i] = (sums[i] as number) + (mean.dataSync()[0] as number);
      });
    }
    const [lastTen, all, accuracy] = sums.map((sum) => (sum * evaluatedAtOnce) / evaluated) as [number, number, number];
    return { metrics: { lastTen, all, accuracy }, activation: activation.statistics() };
  }

  /** A sequence of the first test length: its symbols, the targets, what was said, the modules active in each step. */
  sample(parameters: NetworkParameters) {
    const [set] = this.selections[0].tests as [string];
    const batch = copyingBatch(new Random(seedOfSet('sample')), this.#lengths.get(set) as number, 1);
    return tf.tidy(() => {
      const { logits, activation } = this.#crossEntropies(parameters, batch);
      return {
        inputs: [...batch.inputs],
        targets: [...batch.targets],
        outputs: [...tf.argMax(logits, 1).dataSync()],
        ...(activation && { active: tf.squeeze<tf.Tensor2D>(activation.active, [1]).arraySync() }),
      };
    });
  }

  #crossEntropies(parameters: NetworkParameters, batch: CopyingBatch, dropoutSeed?: number) {
    const result = this.#network.run(parameters, batch.inputs, batch.size, dropoutSeed);
    const rows = tf.reshape<tf.Rank.R2>(result.hidden, [batch.inputs.length, this.core.outputSize]);
    const logits = this.#network.decode(parameters, rows);
    return { ...result, logits, all: crossEntropies(logits, batch.targets) };
  }
}

export const copying: Task = {
  name: 'copying',
  summary: 'remember ten symbols over many blank steps; learn short gaps, be tested on long ones',
  settings,
  open: (given, kernels) => Promise.resolve(new Copying(settings.parse(given), kernels)),
};
