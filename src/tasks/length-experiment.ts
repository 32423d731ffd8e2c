import * as tf from '@tensorflow/tfjs';
import { Random } from '../../agents/random.ts';
import type { EvaluatedSet } from '../runs/task-lines.ts';
import { SequenceActivation } from './activation.ts';
import { seedOfSet } from './fixed-set.ts';
import type { NetworkParameters, SequenceNetwork, SequenceResult } from './sequence-network.ts';
import type { Experiment } from './task.ts';

/** What the network made of a batch of sequences of one length. */
export interface Run extends SequenceResult {
  /** What is to be made small in training. */
  readonly loss: tf.Scalar;
  /** Means over the batch, by name. */
  readonly metrics: Readonly<Record<string, tf.Scalar>>;
}

export interface LengthOptions<Batch> {
  readonly network: SequenceNetwork;
  readonly trainLength: number;
  readonly testLengths: readonly number[];
  /** Sequences in an update. */
  readonly batch: number;
  /** The metric by which the network is selected, on new sequences of the training length; low is good. */
  readonly deciding: string;
  /** Makes sequences of one length. */
  draw(random: Random, length: number, size: number): Batch;
  /** @param dropoutSeed see Core.sequence */
  run(parameters: NetworkParameters, batch: Batch, dropoutSeed?: number): Run;
  /** Of a batch of one sequence, what figures show beside the modules that were active. */
  example(parameters: NetworkParameters, batch: Batch): { activation: SequenceResult['activation'] } & object;
}

/** Sequences in each evaluation, in batches of this size. */
const [evaluated, evaluatedAtOnce] = [512, 128];

/**
 * A task whose sequences are made as they are needed, of any length: learned at one length, tested at others. Sets:
 * `validation` of the training length; of each test length `length-T`, looked at while training, and `test-T`, held back
 * until the end. Each is drawn from a seed of its own, the same in every run.
 */
export class LengthExperiment<Batch> implements Experiment<Batch, 'encoder' | 'core' | 'decoder'> {
  readonly validation: readonly string[];
  readonly selections: Experiment['selections'];
  readonly #options: LengthOptions<Batch>;
  readonly #lengths: ReadonlyMap<string, number>;

  constructor(options: LengthOptions<Batch>) {
    const { trainLength, testLengths, deciding } = options;
    this.#options = options;
    this.#lengths = new Map([
      ['validation', trainLength],
      ...testLengths.flatMap((length) => ['length', 'test'].map((kind) => [`${kind}-${length}`, length] as const)),
    ]);
    this.validation = ['validation', ...testLengths.map((length) => `length-${length}`)];
    const tests = testLengths.map((length) => `test-${length}`);
    this.selections = [{ name: 'validation', set: 'validation', metric: deciding, best: 'low', tests }];
  }

  get layout() {
    return this.#options.network.layout;
  }

  get core() {
    return this.#options.network.core;
  }

  nextBatch(random: Random): Batch {
    const { trainLength, batch } = this.#options;
    return this.#options.draw(random, trainLength, batch);
  }

  loss(parameters: NetworkParameters, batch: Batch, dropoutSeed?: number): tf.Scalar {
    return this.#options.run(parameters, batch, dropoutSeed).loss;
  }

  evaluate(parameters: NetworkParameters, set: string): EvaluatedSet {
    const random = new Random(seedOfSet(set));
    const activation = new SequenceActivation(this.core);
    const sums = new Map<string, number>();
    for (let done = 0; done < evaluated; done += evaluatedAtOnce) {
      const batch = this.#options.draw(random, this.#lengths.get(set) as number, evaluatedAtOnce);
      tf.tidy(() => {
        const run = this.#options.run(parameters, batch);
        activation.add(run.hidden, run.activation);
        for (const [name, mean] of Object.entries(run.metrics))
          sums.set(name, (sums.get(name) ?? 0) + (mean.dataSync()[0] as number) * evaluatedAtOnce);
      });
    }
    const metrics = Object.fromEntries([...sums].map(([name, sum]) => [name, sum / evaluated]));
    return { metrics, activation: activation.statistics() };
  }

  /** Of a sequence of the first test length. */
  sample(parameters: NetworkParameters): object {
    const [length] = this.#options.testLengths as [number];
    const batch = this.#options.draw(new Random(seedOfSet('sample')), length, 1);
    return tf.tidy(() => {
      const { activation, ...shown } = this.#options.example(parameters, batch);
      return {
        ...shown,
        ...(activation && { active: tf.squeeze<tf.Tensor2D>(activation.active, [1]).arraySync() }),
      };
    });
  }
}
