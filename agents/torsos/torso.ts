import type * as tf from '@tensorflow/tfjs';
import type { Parameters, ParameterSpec } from '../parameters.ts';

/** The part of a network that turns one observation into features, without memory. */
export interface Torso {
  readonly parameters: readonly ParameterSpec[];
  /** Width f of the features. */
  readonly outputSize: number;
  /**
   * @param observations (N, ...observation shape): uint8 frames or float32 vectors, as the torso was made for
   * @returns features (N, f), differentiable with respect to the parameters
   */
  apply(parameters: Parameters, observations: tf.Tensor): tf.Tensor2D;
}
