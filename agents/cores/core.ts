import * as tf from '@tensorflow/tfjs';
import type { Parameters, ParameterSpec } from '../parameters.ts';

/**
 * Which modules were active in each step, and how much attention each paid to null instead of to the input.
 * Both (T, B, n), without gradient.
 */
export interface Activation {
  readonly active: tf.Tensor3D;
  readonly nullAttention: tf.Tensor3D;
}

/** What a core gives for T steps of B sequences. */
export interface CoreOutput {
  /** (T, B, outputSize) */
  readonly output: tf.Tensor3D;
  /** State after the last step, (B, stateSize). Made when asked for: learning does not need it. */
  readonly finalState: () => tf.Tensor2D;
  /** Only of cores made of modules. */
  readonly activation?: Activation;
}

/**
 * The part of a network that has memory. All cores share this interface.
 * Acting is a sequence of one step (see {@link step}).
 */
export interface Core {
  readonly parameters: readonly ParameterSpec[];
  readonly outputSize: number;
  /** Floats of state per sequence; 0 for a core without memory. A new episode starts from zeros. */
  readonly stateSize: number;
  /** Modules n and how many of them are active, of cores made of modules. */
  readonly modules?: { readonly count: number; readonly active: number };
  /**
   * @param x features (T, B, e)
   * @param state (B, stateSize), the state before the first step
   * @param keep (T, B): 1, or 0 where the state is to be reset to zeros before that step
   * @returns differentiable with respect to parameters, x and state
   */
  sequence(parameters: Parameters, x: tf.Tensor3D, state: tf.Tensor2D, keep: tf.Tensor2D): CoreOutput;
}

/**
 * One step of a core, for acting.
 * @param x (B, e) @param state (B, stateSize) @param keep (B)
 */
export function step(
  core: Core,
  parameters: Parameters,
  x: tf.Tensor2D,
  state: tf.Tensor2D,
  keep: tf.Tensor1D,
): CoreOutput {
  return core.sequence(parameters, tf.expandDims(x, 0) as tf.Tensor3D, state, tf.expandDims(keep, 0) as tf.Tensor2D);
}

/** Row of the last step of (T, B, width), as (B, width). */
export function lastStep(sequence: tf.Tensor3D): tf.Tensor2D {
  const [steps, batch, width] = sequence.shape;
  return tf.reshape(tf.slice(sequence, [steps - 1, 0, 0], [1, batch, width]), [batch, width]);
}

/** State h | c (B, 2 H) as its halves. */
export function halves(state: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  return tf.split(state, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
}
