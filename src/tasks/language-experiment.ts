import * as tf from '@tensorflow/tfjs';
import type { z } from 'zod';
import type { Kernels } from '../../agents/kernels/index.ts';
import { Random } from '../../agents/random.ts';
import { UserError } from '../errors.ts';
import type { EvaluatedSet } from '../runs/task-lines.ts';
import { grouped } from '../text/words.ts';
import { activeSteps, SequenceActivation } from '../activation/by-sequence.ts';
import { fingerprint } from './data/fingerprint.ts';
import { TextStreams } from './data/streams.ts';
import { type Corpus, endOfLine } from './data/vocabulary.ts';
import { seedOfSet } from './fixed-set.ts';
import { type CarriedStates, LanguageNetwork, type LanguageNetworkOptions } from './language-network.ts';
import type { languageSample } from './samples.ts';
import type { Experiment, SequenceParameters } from './task.ts';

export interface LanguageOptions extends Omit<LanguageNetworkOptions, 'words'> {
  /** Streams into which the training text is cut. */
  readonly batch: number;
  /** Words of each stream in an update. */
  readonly bptt: number;
  /** Words of the validation text in each evaluation, the first ones; all of them if not given. */
  readonly evaluated?: number | undefined;
}

/** A segment of the training text, time-major. */
export interface LanguageBatch {
  /** Words (T, B), and of each the word that follows. */
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  /** Of the core, before the segment. */
  readonly states: CarriedStates;
}

/** Words at once in an evaluation, and in the example's stretches of given and of made-up text. */
const [evaluatedAtOnce, shown, continued] = [256, 120, 60];

/**
 * Predicts each next word of a text. Training is truncated backpropagation through time: the text is cut into streams
 * that are read side by side, segment by segment; the core's states are carried from one segment to the next, and start
 * from zeros with each pass. Evaluation reads a part as one stream from its first word to its last.
 */
export class LanguageExperiment implements Experiment<LanguageBatch> {
  readonly updatesPerEpoch: number;
  readonly data: string;
  readonly validation: readonly string[];
  readonly selections: Experiment['selections'];
  readonly #options: LanguageOptions;
  readonly #network: LanguageNetwork;
  readonly #streams: TextStreams;
  readonly #words: readonly string[];
  readonly #sets: ReadonlyMap<string, Int32Array>;
  /** In each stream, where the next segment begins. */
  #first = 0;
  /** After the segment that was learned last. */
  #states: CarriedStates;

  /** @throws UserError if the text does not fill the batch, or the network does not fit */
  constructor(options: LanguageOptions, corpus: Corpus, kernels: Kernels) {
    const { batch, bptt, evaluated = corpus.valid.length } = options;
    this.#options = options;
    const parts = [corpus.train, corpus.valid, corpus.test];
    this.data = fingerprint(corpus.name, `${parts.map(({ length }) => grouped(length)).join(' + ')} words`, [
      ...parts,
      corpus.words.join(' '),
    ]);
    this.#words = corpus.words;
    this.#network = new LanguageNetwork({ ...options, words: corpus.words.length }, kernels);
    this.#streams = new TextStreams(corpus.train, batch);
    if (this.#streams.predictions === 0)
      throw new UserError(
        `a training text of ${corpus.train.length} words does not fill ${batch} streams with at least two; ` +
          'take a smaller --batch',
      );
    this.updatesPerEpoch = Math.ceil(this.#streams.predictions / bptt);
    this.#states = this.#network.zeroStates(batch);
    const part = evaluated < corpus.valid.length ? 'validation-part' : 'validation';
    this.#sets = new Map([
      ['validation', corpus.valid],
      ['validation-part', corpus.valid.subarray(0, evaluated)],
      ['test', corpus.test],
    ]);
    this.validation = [part];
    this.selections = [
      { name: 'validation', set: part, metric: 'perplexity', best: 'low', tests: ['validation', 'test'] },
    ];
  }

  get layout() {
    return this.#network.layout;
  }

  /** The next segment of every stream, after the last at the end the first. */
  nextBatch(): LanguageBatch {
    const { batch, bptt } = this.#options;
    if (this.#first >= this.#streams.predictions) {
      this.#first = 0;
      this.#states = this.#network.zeroStates(batch);
    }
    const { inputs, targets, steps } = this.#streams.segment(this.#first, bptt);
    this.#first += steps;
    return { inputs, targets, states: this.#states };
  }

  /** Carries the states after the segment to the next batch: to be called once per batch. */
  loss(parameters: SequenceParameters, batch: LanguageBatch, dropoutSeed?: number): tf.Scalar {
    const { inputs, targets, states } = batch;
    const result = this.#network.read(parameters, inputs, states, this.#options.batch, dropoutSeed);
    this.#states = numbers(result.states);
    return tf.mean(this.#network.softmax.losses(parameters.decoder, result.features, targets));
  }

  /**
   * The whole set in one stream. Every word counts: the first is predicted from the end of a line.
   * Metrics: mean cross-entropy of a word in nats (`crossEntropy`), over the whole vocabulary; its exponential
   * (`perplexity`).
   */
  evaluate(parameters: SequenceParameters, set: string): EvaluatedSet {
    const targets = this.#sets.get(set) as Int32Array;
    const inputs = this.#before(targets);
    const activation = new SequenceActivation(this.#network.core);
    let sum = 0;
    let states = this.#network.zeroStates(1);
    for (let first = 0; first < targets.length; first += evaluatedAtOnce)
      tf.tidy(() => {
        const end = first + evaluatedAtOnce;
        const result = this.#network.read(parameters, inputs.subarray(first, end), states, 1);
        activation.add(result.hidden, result.activation);
        states = numbers(result.states);
        const next = targets.subarray(first, end);
        const losses = this.#network.softmax.losses(parameters.decoder, result.features, next).dataSync();
        for (const loss of losses) sum += loss;
      });
    const crossEntropy = sum / targets.length;
    return { metrics: { crossEntropy, perplexity: Math.exp(crossEntropy) }, activation: activation.statistics() };
  }

  /**
   * The beginning of the validation text: the words read, the words to predict and the probability that each was given,
   * the modules active in each step; and how the network goes on, each word drawn from its probabilities.
   */
  sample(parameters: SequenceParameters): z.infer<typeof languageSample> {
    const targets = (this.#sets.get('validation') as Int32Array).subarray(0, shown);
    const inputs = this.#before(targets);
    return tf.tidy(() => {
      const { features, activation, states } = this.#network.read(parameters, inputs, this.#network.zeroStates(1), 1);
      const losses = this.#network.softmax.losses(parameters.decoder, features, targets).dataSync();
      return {
        inputs: this.#spelled(inputs),
        targets: this.#spelled(targets),
        probabilities: Array.from(losses, (loss) => Math.exp(-loss)),
        ...activeSteps(activation?.active),
        continuation: this.#spelled(this.#continue(parameters, targets.at(-1) as number, numbers(states))),
      };
    });
  }

  save(): unknown {
    return { first: this.#first, states: this.#states };
  }

  restore(saved: unknown): void {
    const { first, states } = (saved ?? {}) as Partial<{ first: number; states: Float32Array[] }>;
    const lengths = this.#states.map(({ length }) => length);
    const fits =
      Array.isArray(states) &&
      states.length === lengths.length &&
      states.every((state, i) => state instanceof Float32Array && state.length === lengths[i]);
    if (!fits || !Number.isInteger(first) || (first as number) < 0 || (first as number) > this.#streams.predictions)
      throw new UserError('the checkpoint does not say which words of this text come next; start a new run');
    this.#first = first as number;
    this.#states = states;
  }

  /** The word before each: of the first, the end of a line. */
  #before(words: Int32Array): Int32Array {
    const before = new Int32Array(words.length);
    before[0] = this.#words.indexOf(endOfLine);
    before.set(words.subarray(0, -1), 1);
    return before;
  }

  /** Words that the network draws, one after the other, always by the same random numbers. */
  #continue(parameters: SequenceParameters, last: number, before: CarriedStates): Int32Array {
    const random = new Random(seedOfSet('sample'));
    const drawn = new Int32Array(continued);
    let [word, states] = [last, before];
    for (let i = 0; i < continued; i++) {
      tf.tidy(() => {
        const result = this.#network.read(parameters, Int32Array.of(word), states, 1);
        states = numbers(result.states);
        const probabilities = tf.exp(this.#network.softmax.logProbabilities(parameters.decoder, result.features));
        let left = random.uniform();
        const found = probabilities.dataSync().findIndex((probability) => (left -= probability) < 0);
        word = found >= 0 ? found : 0; // rounding may leave a rest
      });
      drawn[i] = word;
    }
    return drawn;
  }

  #spelled(words: Int32Array): string[] {
    return Array.from(words, (word) => this.#words[word] as string);
  }
}

function numbers(states: readonly tf.Tensor[]): CarriedStates {
  return states.map((state) => (state.dataSync() as Float32Array).slice());
}
