import * as tf from '@tensorflow/tfjs';
import type { Activation, Core } from '../../agents/cores/core.ts';
import { createCore } from '../../agents/cores/index.ts';
import type { CoreOptions } from '../../agents/cores/options.ts';
import { zeroStates } from '../../agents/cores/zero-states.ts';
import { uniform, zeros } from '../../agents/initializers.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import { ParameterLayout, type ParameterSpec } from '../../agents/parameters.ts';
import type { SequenceParameters, SequencePart } from './task.ts';

export interface SequenceNetworkOptions {
  readonly core: CoreOptions;
  /** What a step's input is: tokens (1 if not said), each with a vector that is learned, or plain numbers. */
  readonly input:
    { readonly vocabulary: number; readonly embedding: number; readonly tokens?: number } | { readonly width: number };
  /** Numbers that come out of each step. */
  readonly outputs: number;
}

/** What the network makes of sequences. */
export interface SequenceResult {
  /** What the core gave, (T, B, H). */
  readonly hidden: tf.Tensor3D;
  readonly activation: Activation | undefined;
}

/**
 * Tokens or numbers, a core, and a linear layer on what the core gives. Embeddings and decoder start uniform in ±0.1,
 * its bias at zero (the RIM authors' code); the core always starts from zero states.
 */
export class SequenceNetwork {
  readonly core: Core;
  readonly layout: ParameterLayout<SequencePart>;
  readonly #options: SequenceNetworkOptions;

  /** @throws UserError if the core cannot take the input */
  constructor(options: SequenceNetworkOptions, kernels: Kernels) {
    const { input, outputs } = options;
    const isTokens = 'vocabulary' in input;
    this.#options = options;
    this.core = createCore(options.core, kernels, isTokens ? (input.tokens ?? 1) * input.embedding : input.width);
    const table: ParameterSpec[] = isTokens
      ? [{ name: 'embedding', shape: [input.vocabulary, input.embedding], initializer: uniform(0.1) }]
      : [];
    const decoder: ParameterSpec[] = [
      { name: 'weights', shape: [this.core.outputSize, outputs], initializer: uniform(0.1) },
      { name: 'bias', shape: [outputs], initializer: zeros },
    ];
    this.layout = new ParameterLayout({ encoder: table, core: this.core.parameters, decoder }, kernels);
  }

  /**
   * The core over whole sequences from zero states.
   * @param input see {@link encode}
   * @param dropoutSeed see Core.sequence
   */
  run(
    parameters: SequenceParameters,
    input: Int32Array | Uint8Array | Float32Array,
    batch: number,
    dropoutSeed?: number,
  ): SequenceResult {
    return this.sequence(parameters, this.encode(parameters, input, batch), dropoutSeed);
  }

  /** The core over whole sequences from zero states. @param x (T, B, e) @param dropoutSeed see Core.sequence */
  sequence(parameters: SequenceParameters, x: tf.Tensor3D, dropoutSeed?: number): SequenceResult {
    const [steps, batch] = x.shape;
    const states = zeroStates(this.core, batch);
    const keep = tf.ones<tf.Rank.R2>([steps, batch]);
    const { output, activation } = this.core.sequence(parameters.core, x, states, keep, dropoutSeed);
    return { hidden: output, activation };
  }

  /** The linear layer. @param hidden (N, H) @returns (N, outputs) */
  decode({ decoder }: SequenceParameters, hidden: tf.Tensor2D): tf.Tensor2D {
    return tf.add(tf.matMul(hidden, decoder['weights'] as tf.Tensor2D), decoder['bias'] as tf.Tensor1D);
  }

  /**
   * What the core reads.
   * @param input tokens (T, B, tokens), time-major, or numbers (T, B, width)
   * @returns (T, B, e): a step's vectors side by side
   */
  encode({ encoder }: SequenceParameters, input: Int32Array | Uint8Array | Float32Array, batch: number): tf.Tensor3D {
    const { input: kind } = this.#options;
    if (!('vocabulary' in kind))
      return tf.tensor3d(input as Float32Array, [input.length / batch / kind.width, batch, kind.width]);
    const table = encoder['embedding'] as tf.Tensor2D;
    const tokens = tf.tensor1d(Int32Array.from(input), 'int32');
    // A product with few rows is quicker than gathering them and scattering their gradient.
    const rows =
      kind.vocabulary <= 64 ? tf.matMul(tf.oneHot(tokens, kind.vocabulary), table) : tf.gather(table, tokens);
    const { tokens: perStep = 1 } = kind;
    return tf.reshape(rows, [input.length / batch / perStep, batch, perStep * kind.embedding]);
  }
}
