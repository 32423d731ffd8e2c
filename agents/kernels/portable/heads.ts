import * as tf from '@tensorflow/tfjs';

/** See {@link Kernels.heads}. */
export function heads(
  hidden: tf.Tensor3D,
  policyWeights: tf.Tensor2D,
  policyBias: tf.Tensor1D,
  valueWeights: tf.Tensor2D,
  valueBias: tf.Tensor1D,
): { logits: tf.Tensor2D; values: tf.Tensor1D } {
  return tf.tidy(() => {
    const [steps, batch, width] = hidden.shape;
    const rows = tf.reshape<tf.Rank.R2>(hidden, [steps * batch, width]);
    const logits = tf.add<tf.Tensor2D>(tf.matMul(rows, policyWeights), policyBias);
    const values = tf.add(tf.matMul(rows, valueWeights), valueBias);
    return { logits, values: tf.reshape<tf.Rank.R1>(values, [-1]) };
  });
}
