import type * as tf from '@tensorflow/tfjs';
import type { Parameters, ParameterSpec } from '../parameters.ts';

/**
 * Which modules were active in each step, and how much attention each paid to null instead of to the input.
 * Both (T, B, n), without gradient; modules of several layers side by side, the lowest layer first.
 */
export interface Activation {
  readonly active: tf.Tensor3D;
  readonly nullAttention: tf.Tensor3D;
}

/** What a core gives for T steps of B sequences. */
interface CoreOutput {
  /** (T, B, outputSize) */
  readonly output: tf.Tensor3D;
  /** Each state after every step, (T, B, width). */
  readonly states: readonly tf.Tensor3D[];
  /** Only of cores made of modules. */
  readonly activation?: Activation;
}

/**
 * The part of a network that has memory. All cores share this interface. Acting is a sequence of one step.
 */
export interface Core {
  readonly parameters: readonly ParameterSpec[];
  readonly outputSize: number;
  /** Widths of the core's states, such as h and c; none for a core without memory. A new episode starts from zeros. */
  readonly stateWidths: readonly number[];
  /** Modules n and how many of them are active in each step, of cores made of modules; over all layers. */
  readonly modules?: { readonly count: number; readonly active: number };
  /**
   * @param x features (T, B, e)
   * @param states (B, width) each, before the first step
   * @param keep (T, B): 1, or 0 where the states are to be reset to zeros before that step
   * @param dropoutSeed decides what is dropped; without it nothing is, as in evaluation
   * @returns differentiable with respect to parameters, x and states
   */
  sequence(
    parameters: Parameters,
    x: tf.Tensor3D,
    states: readonly tf.Tensor2D[],
    keep: tf.Tensor2D,
    dropoutSeed?: number,
  ): CoreOutput;
}
