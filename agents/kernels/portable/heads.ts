import * as tf from '@tensorflow/tfjs';
import type { LinearParameters } from '../kernels.ts';

/** See {@link Kernels.heads}. */
export function heads(
  hidden: tf.Tensor3D,
  policy: LinearParameters,
  value: LinearParameters,
): { logits: tf.Tensor2D; values: tf.Tensor1D } {
  return tf.tidy(() => {
    const [steps, batch, width] = hidden.shape;
    const rows = tf.reshape<tf.Rank.R2>(hidden, [steps * batch, width]);
    const linear = ({ weights, bias }: LinearParameters): tf.Tensor2D => tf.add(tf.matMul(rows, weights), bias);
    return { logits: linear(policy), values: tf.reshape<tf.Rank.R1>(linear(value), [-1]) };
  });
}
