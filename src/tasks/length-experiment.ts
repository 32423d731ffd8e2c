import * as tf from '@tensorflow/tfjs';
import type { CoreOptions } from '../../agents/cores/options.ts';
import { Random } from '../../agents/random.ts';
import type { EvaluatedSet } from '../runs/task-lines.ts';
import { activeSteps, SequenceActivation } from '../activation/by-sequence.ts';
import { seedOfSet } from './fixed-set.ts';
import type { SequenceNetwork, SequenceResult } from './sequence-network.ts';
import type { Experiment, SequenceParameters } from './task.ts';

/** What the network made of a batch of sequences of one length. */
interface Prediction extends SequenceResult {
  /** What is to be made small in training. */
  readonly loss: tf.Scalar;
  /** Means over the batch, by name. */
  readonly metrics: Readonly<Record<string, tf.Scalar>>;
}

export interface LengthOptions {
  readonly core: CoreOptions;
  readonly trainLength: number;
  readonly testLengths: readonly number[];
  /** Sequences in an update. */
  readonly batch: number;
}

export interface LengthTask<Batch> extends LengthOptions {
  readonly network: SequenceNetwork;
  /** The metric by which the network is selected, on new sequences of the training length; low is good. */
  readonly deciding: string;
  /** Makes sequences of one length. */
  draw(random: Random, length: number, size: number): Batch;
  /** @param dropoutSeed see Core.sequence */
  predict(parameters: SequenceParameters, batch: Batch, dropoutSeed?: number): Prediction;
  /** Of a batch of one sequence, what figures show beside the modules that were active. */
  example(parameters: SequenceParameters, batch: Batch): { activation: SequenceResult['activation'] } & object;
}

/** Sequences in each evaluation. */
const evaluated = 512;

/** How many of them at once: fewer where they are so long that their states would not fit into memory. */
function evaluatedAtOnce(length: number): number {
  const steps = 131_072;
  let sequences = 128;
  while (sequences > 1 && sequences * length > steps) sequences /= 2;
  return sequences;
}

/**
 * A task whose sequences are made as they are needed, of any length: learned at one length, tested at others. Sets:
 * `validation` of the training length; of each test length `length-T`, looked at while training; and `test-T` of all
 * lengths, held back until the end. Each is drawn from a seed of its own, the same in every run.
 */
export class LengthExperiment<Batch> implements Experiment<Batch> {
  readonly validation: readonly string[];
  readonly selections: Experiment['selections'];
  readonly #task: LengthTask<Batch>;
  readonly #lengths: ReadonlyMap<string, number>;

  constructor(task: LengthTask<Batch>) {
    const { trainLength, testLengths, deciding } = task;
    this.#task = task;
    const tests = [...new Set([trainLength, ...testLengths])];
    this.#lengths = new Map([
      ['validation', trainLength],
      ...testLengths.map((length) => [`length-${length}`, length] as const),
      ...tests.map((length) => [`test-${length}`, length] as const),
    ]);
    this.validation = ['validation', ...testLengths.map((length) => `length-${length}`)];
    this.selections = [
      { name: 'validation', set: 'validation', metric: deciding, best: 'low', tests: tests.map((n) => `test-${n}`) },
    ];
  }

  get layout() {
    return this.#task.network.layout;
  }

  nextBatch(random: Random): Batch {
    const { trainLength, batch } = this.#task;
    return this.#task.draw(random, trainLength, batch);
  }

  loss(parameters: SequenceParameters, batch: Batch, dropoutSeed?: number): tf.Scalar {
    return this.#task.predict(parameters, batch, dropoutSeed).loss;
  }

  evaluate(parameters: SequenceParameters, set: string): EvaluatedSet {
    const random = new Random(seedOfSet(set));
    const activation = new SequenceActivation(this.#task.network.core);
    const sums = new Map<string, number>();
    const length = this.#lengths.get(set) as number;
    const atOnce = evaluatedAtOnce(length);
    for (let done = 0; done < evaluated; done += atOnce) {
      const batch = this.#task.draw(random, length, atOnce);
      tf.tidy(() => {
        const predicted = this.#task.predict(parameters, batch);
        activation.add(predicted.hidden, predicted.activation);
        for (const [name, mean] of Object.entries(predicted.metrics))
          sums.set(name, (sums.get(name) ?? 0) + (mean.dataSync()[0] as number) * atOnce);
      });
    }
    const metrics = Object.fromEntries([...sums].map(([name, sum]) => [name, sum / evaluated]));
    return { metrics, activation: activation.statistics() };
  }

  /** Of a sequence of the first test length. */
  sample(parameters: SequenceParameters): object {
    const [length] = this.#task.testLengths as [number];
    const batch = this.#task.draw(new Random(seedOfSet('sample')), length, 1);
    return tf.tidy(() => {
      const { activation, ...shown } = this.#task.example(parameters, batch);
      return { ...shown, ...activeSteps(activation?.active) };
    });
  }
}
