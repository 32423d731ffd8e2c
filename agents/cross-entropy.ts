import * as tf from '@tensorflow/tfjs';

/**
 * Cross-entropy in nats of each row, with a gradient of two operations.
 * @param logits (N, classes) @param targets (N) @returns (N)
 */
export function crossEntropies(logits: tf.Tensor2D, targets: ArrayLike<number>): tf.Tensor1D {
  const chosen = tf.oneHot(tf.tensor1d(Int32Array.from(targets), 'int32'), logits.shape[1]);
  const compute = tf.customGrad((x, save) => {
    const logProbabilities = tf.logSoftmax(x as tf.Tensor2D);
    (save as tf.GradSaveFunc)([logProbabilities, chosen]);
    return {
      value: tf.neg(tf.sum(tf.mul(logProbabilities, chosen), 1)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [all, one] = saved as [tf.Tensor2D, tf.Tensor2D];
        return tf.mul(tf.sub(tf.exp(all), one), tf.expandDims(dy, 1));
      },
    };
  });
  return compute(logits) as tf.Tensor1D;
}
