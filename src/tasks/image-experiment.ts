import * as tf from '@tensorflow/tfjs';
import type { z } from 'zod';
import { lastStep } from '../../agents/cores/last-step.ts';
import type { CoreOptions } from '../../agents/cores/options.ts';
import { crossEntropies } from '../../agents/cross-entropy.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import { Random } from '../../agents/random.ts';
import { UserError } from '../errors.ts';
import type { EvaluatedSet } from '../runs/task-lines.ts';
import { grouped } from '../text/words.ts';
import { activeSteps, SequenceActivation } from '../activation/by-sequence.ts';
import { type LabelledImages, someImages, type TokenSequences, tokenSequences } from './data/images.ts';
import { fingerprint } from './data/fingerprint.ts';
import { dropout } from './dropout.ts';
import type { imageSample } from './samples.ts';
import { SequenceNetwork } from './sequence-network.ts';
import type { Experiment, Selection, SequenceParameters } from './task.ts';

const classes = 10;

/**
 * Images at once in an evaluation: at 24 x 24 the core's states of 100 take some 300 MB, and larger images than 32 x 32
 * are fewer, so that they take no more than those.
 */
function evaluatedAtOnce(size: number): number {
  return Math.max(1, Math.min(100, Math.floor((100 * 32 * 32) / (size * size))));
}

export interface ImageOptions {
  readonly core: CoreOptions;
  /** Brightness is read in so many levels, a token each, in every channel. */
  readonly levels: number;
  readonly embedding: number;
  /** Share dropped of the embedded tokens, and of what the decoder reads. */
  readonly outerDropout: number;
  readonly batch: number;
  /** Sides of the images. */
  readonly trainSize: number;
  readonly testSizes: readonly number[];
  /** The last images of the training part are held back for validation; the first of these are evaluated regularly. */
  readonly validation: number;
  readonly evaluated: number;
  /** Test images, the first ones. */
  readonly tested: number;
}

/** A data set by its name. */
export interface ImageData {
  readonly name: string;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** Images as time-major tokens (T, B, channels), told apart by channel, and their classes (B). */
export interface ImageBatch {
  readonly tokens: Int32Array;
  readonly labels: Uint8Array;
}

/** Which part of the data a set is of, and its images' side. */
interface ImageSet {
  readonly images: LabelledImages;
  readonly size: number;
}

/**
 * Images read pixel by pixel and classified after the last one. Learned at one resolution, tested at others. Networks
 * are selected by validation images of the training resolution, and, as the RIM paper has it, for each test resolution
 * by validation images of that.
 */
export class ImageExperiment implements Experiment<ImageBatch> {
  readonly updatesPerEpoch: number;
  readonly data: string;
  readonly validation: readonly string[];
  readonly selections: Experiment['selections'];
  readonly #options: ImageOptions;
  readonly #network: SequenceNetwork;
  readonly #train: TokenSequences;
  readonly #sets: ReadonlyMap<string, ImageSet>;
  /** Of the pass over the data under way: what shuffled it, the order, and batches taken. */
  #pass = { seed: 0, taken: 0 };
  #order: readonly number[] = [];

  /** @throws UserError if there are too few images, or the core cannot take the input */
  constructor(options: ImageOptions, data: ImageData, kernels: Kernels) {
    const { core, levels, embedding, batch, trainSize, testSizes, validation, evaluated, tested } = options;
    const learned = data.train.count - validation;
    if (learned < batch)
      throw new UserError(
        `${data.train.count} training images, ${validation} of them for validation, do not fill a batch of ${batch}; ` +
          'take a smaller --batch or --validation',
      );
    this.#options = options;
    this.data = fingerprint(
      data.name,
      `${grouped(data.train.count)} + ${grouped(data.test.count)} images`,
      [data.train, data.test].flatMap(({ pixels, labels }) => [pixels, labels]),
    );
    this.#network = new SequenceNetwork(
      {
        core,
        input: { vocabulary: data.train.channels * levels, embedding, tokens: data.train.channels },
        outputs: classes,
      },
      kernels,
    );
    this.#train = tokenSequences(someImages(data.train, 0, learned), trainSize, levels);
    this.updatesPerEpoch = Math.floor(learned / batch);

    const held = someImages(data.train, learned, learned + Math.min(evaluated, validation));
    const test = someImages(data.test, 0, Math.min(tested, data.test.count));
    const sizes = [...new Set([trainSize, ...testSizes])];
    this.#sets = new Map<string, ImageSet>([
      ...sizes.map((size) => [`validation-${size}`, { images: held, size }] as const),
      ...sizes.map((size) => [`test-${size}`, { images: test, size }] as const),
    ]);
    this.validation = sizes.map((size) => `validation-${size}`);
    const byAccuracy = (name: string, size: number, tests: readonly number[]): Selection => ({
      ...{ name, set: `validation-${size}`, metric: 'accuracy', best: 'high' },
      tests: tests.map((test) => `test-${test}`),
    });
    const others = sizes.filter((size) => size !== trainSize);
    this.selections = [
      byAccuracy('validation', trainSize, sizes),
      ...others.map((size) => byAccuracy(`paper-${size}`, size, [size])),
    ];
  }

  get layout() {
    return this.#network.layout;
  }

  /** Every image once per pass, in an order drawn anew; what does not fill a batch is left out. */
  nextBatch(random: Random): ImageBatch {
    if (this.#pass.taken % this.updatesPerEpoch === 0) this.#begin({ seed: random.integer(2 ** 32), taken: 0 });
    const { batch } = this.#options;
    const first = this.#pass.taken++ * batch;
    return timeMajor(this.#train, this.#order.slice(first, first + batch), this.#options.levels);
  }

  loss(parameters: SequenceParameters, batch: ImageBatch, dropoutSeed?: number): tf.Scalar {
    const { logits } = this.#classify(parameters, batch, dropoutSeed);
    return tf.mean(crossEntropies(logits, batch.labels));
  }

  /** Metrics: share of images whose class is right (`accuracy`), mean cross-entropy in nats. */
  evaluate(parameters: SequenceParameters, set: string): EvaluatedSet {
    const { images, size } = this.#sets.get(set) as ImageSet;
    const activation = new SequenceActivation(this.#network.core);
    const sums = { right: 0, crossEntropy: 0 };
    const atOnce = evaluatedAtOnce(size);
    for (let first = 0; first < images.count; first += atOnce) {
      const some = someImages(images, first, Math.min(first + atOnce, images.count));
      const batch = this.#all(some, size);
      tf.tidy(() => {
        const { logits, ...result } = this.#classify(parameters, batch);
        activation.add(result.hidden, result.activation);
        const said = tf.argMax(logits, 1).dataSync();
        sums.right += batch.labels.filter((label, i) => label === said[i]).length;
        sums.crossEntropy += tf.sum(crossEntropies(logits, batch.labels)).dataSync()[0] as number;
      });
    }
    const metrics = { accuracy: sums.right / images.count, crossEntropy: sums.crossEntropy / images.count };
    return { metrics, activation: activation.statistics() };
  }

  /** The first test image at the first test resolution: its tokens and class, what was said, the modules' activity. */
  sample(parameters: SequenceParameters): z.infer<typeof imageSample> {
    const { testSizes, trainSize, levels } = this.#options;
    const [size = trainSize] = testSizes;
    const { images } = this.#sets.get(`test-${size}`) as ImageSet;
    const image = someImages(images, 0, 1);
    const { channels, tokens } = tokenSequences(image, size, levels);
    const batch = this.#all(image, size);
    return tf.tidy(() => {
      const { logits, activation } = this.#classify(parameters, batch);
      return {
        ...{ size, channels, levels, inputs: [...tokens], target: batch.labels[0] as number },
        probabilities: [...tf.softmax(logits).dataSync()],
        ...activeSteps(activation?.active),
      };
    });
  }

  save(): unknown {
    return this.#pass;
  }

  restore(saved: unknown): void {
    const { seed, taken } = (saved ?? {}) as Partial<{ seed: number; taken: number }>;
    if (!Number.isInteger(seed) || !Number.isInteger(taken))
      throw new UserError('the checkpoint does not say which images come next; start a new run');
    this.#begin({ seed: seed as number, taken: taken as number });
  }

  #begin(pass: { seed: number; taken: number }): void {
    this.#pass = { ...pass };
    this.#order = new Random(pass.seed).shuffle(Array.from({ length: this.#train.count }, (_, i) => i));
  }

  #all(images: LabelledImages, size: number): ImageBatch {
    const { levels } = this.#options;
    const order = Array.from({ length: images.count }, (_, i) => i);
    return timeMajor(tokenSequences(images, size, levels), order, levels);
  }

  /** Logits (B, classes) after the last step, and what the core did. Without a seed nothing is dropped. */
  #classify(parameters: SequenceParameters, { tokens, labels }: ImageBatch, seed?: number) {
    const { outerDropout } = this.#options;
    const x = dropout(this.#network.encode(parameters, tokens, labels.length), outerDropout, seed, 'input');
    const result = this.#network.sequence(parameters, x, seed);
    const last = dropout(lastStep(result.hidden), outerDropout, seed, 'hidden');
    return { ...result, logits: this.#network.decode(parameters, last) };
  }
}

/** Chosen sequences side by side, each channel's tokens numbered after those of the channel before. */
function timeMajor(
  { length, channels, tokens, labels }: TokenSequences,
  chosen: readonly number[],
  levels: number,
): ImageBatch {
  const side = new Int32Array(length * chosen.length * channels);
  for (const [b, image] of chosen.entries())
    for (let step = 0; step < length; step++)
      for (let channel = 0; channel < channels; channel++)
        side[(step * chosen.length + b) * channels + channel] =
          channel * levels + (tokens[(image * length + step) * channels + channel] as number);
  return { tokens: side, labels: Uint8Array.from(chosen, (image) => labels[image] as number) };
}
