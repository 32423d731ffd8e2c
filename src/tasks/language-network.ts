import * as tf from '@tensorflow/tfjs';
import { AdaptiveSoftmax } from '../../agents/decoders/adaptive-softmax.ts';
import type { Activation, Core } from '../../agents/cores/core.ts';
import { createCore } from '../../agents/cores/index.ts';
import type { CoreOptions } from '../../agents/cores/options.ts';
import { lastStep } from '../../agents/cores/last-step.ts';
import { uniform, zeros } from '../../agents/initializers.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import { ParameterLayout, type ParameterSpec } from '../../agents/parameters.ts';
import { dropout } from './dropout.ts';
import type { SequenceParameters, SequencePart } from './task.ts';

export interface LanguageNetworkOptions {
  readonly core: CoreOptions;
  /** Words of the vocabulary, numbered by falling frequency. */
  readonly words: number;
  /** Width d of the vectors that stand for a word, and of what words are predicted from. */
  readonly embedding: number;
  /** Of the softmax: see AdaptiveSoftmax. */
  readonly cutoffs: readonly number[];
  readonly divisor: number;
  /** Whether the tables of the softmax embed the words too. */
  readonly tied: boolean;
  /** Share dropped of the embedded words, and of what the core gives. */
  readonly outerDropout: number;
}

/** The core's states between two segments of a text, (B, width) each. */
export type CarriedStates = readonly Float32Array[];

/** What the network makes of a segment of T words of B streams. */
export interface LanguageResult {
  /** From which each next word is predicted, (T B, d), time-major. */
  readonly features: tf.Tensor2D;
  /** What the core gave, (T, B, H). */
  readonly hidden: tf.Tensor3D;
  readonly activation: Activation | undefined;
  /** After the last word, (B, width) each. */
  readonly states: readonly tf.Tensor2D[];
}

/**
 * Words embedded, a core, a linear layer to the width of the embedding, and an adaptive softmax over the vocabulary.
 * Tied, the encoder has no parameters: words are embedded by the softmax's tables, a word of a rarer cluster by its
 * narrow vector times that cluster's projection (Baevski and Auli 2019, arXiv 1809.10853). Decoder and tables start
 * uniform in ±0.1, the bias at zero.
 */
export class LanguageNetwork {
  readonly core: Core;
  readonly softmax: AdaptiveSoftmax;
  readonly layout: ParameterLayout<SequencePart>;
  readonly #options: LanguageNetworkOptions;

  /** @throws UserError if the core cannot take the vectors, or the cutoffs do not fit the vocabulary */
  constructor(options: LanguageNetworkOptions, kernels: Kernels) {
    const { core, words, embedding, cutoffs, divisor, tied } = options;
    this.#options = options;
    this.core = createCore(core, kernels, embedding);
    this.softmax = new AdaptiveSoftmax({ words, width: embedding, cutoffs, divisor });
    const table: ParameterSpec = { name: 'embedding', shape: [words, embedding], initializer: uniform(0.1) };
    const linear: ParameterSpec[] = [
      { name: 'weights', shape: [this.core.outputSize, embedding], initializer: uniform(0.1) },
      { name: 'bias', shape: [embedding], initializer: zeros },
    ];
    this.layout = new ParameterLayout(
      {
        encoder: tied ? [] : [table],
        core: this.core.parameters,
        decoder: [...linear, ...this.softmax.parameters],
      },
      kernels,
    );
  }

  /** Of a text's beginning. */
  zeroStates(streams: number): CarriedStates {
    return this.core.stateWidths.map((width) => new Float32Array(streams * width));
  }

  /**
   * Reads a segment.
   * @param words (T, B), time-major
   * @param dropoutSeed decides what is dropped, in the core and around it; nothing is without it
   * @param before the states after the segment before; no gradient flows into them
   */
  read(
    parameters: SequenceParameters,
    words: Int32Array,
    before: CarriedStates,
    streams: number,
    dropoutSeed?: number,
  ): LanguageResult {
    const { embedding, outerDropout } = this.#options;
    const steps = words.length / streams;
    const embedded = tf.reshape<tf.Rank.R3>(this.#embed(parameters, words), [steps, streams, embedding]);
    const x = dropout(embedded, outerDropout, dropoutSeed, 'input');
    const initial = this.core.stateWidths.map((width, i) => tf.tensor2d(before[i] as Float32Array, [streams, width]));
    const keep = tf.ones<tf.Rank.R2>([steps, streams]);
    const { output, states, activation } = this.core.sequence(parameters.core, x, initial, keep, dropoutSeed);
    const { weights, bias } = parameters.decoder as { weights: tf.Tensor2D; bias: tf.Tensor1D };
    const rows = tf.reshape<tf.Rank.R2>(dropout(output, outerDropout, dropoutSeed, 'hidden'), [
      words.length,
      this.core.outputSize,
    ]);
    return {
      features: tf.add(tf.matMul(rows, weights), bias),
      hidden: output,
      activation,
      states: states.map(lastStep),
    };
  }

  #embed({ encoder, decoder }: SequenceParameters, words: Int32Array): tf.Tensor2D {
    if (this.#options.tied) return this.softmax.embed(decoder, words);
    return tf.gather(encoder['embedding'] as tf.Tensor2D, tf.tensor1d(words, 'int32'));
  }
}
