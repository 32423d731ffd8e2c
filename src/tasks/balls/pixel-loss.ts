import * as tf from '@tensorflow/tfjs';

/**
 * Cross-entropy of pixels 0 and 1, in nats: summed over the pixels of a frame, mean over the N frames.
 * @param logits (N, ...) @param pixels (N, ...), without gradient
 */
export function pixelLoss(logits: tf.Tensor, pixels: tf.Tensor): tf.Scalar {
  const frames = logits.shape[0] as number;
  const signs = tf.sub(1, tf.mul(2, pixels)); // -1 where a pixel is lit
  // Of softplus and the product tfjs would keep and make more than the gradient needs.
  const loss = tf.customGrad((z, save) => {
    const wrong = tf.mul<tf.Tensor>(z as tf.Tensor, signs);
    (save as tf.GradSaveFunc)([wrong, signs]);
    const value: tf.Scalar = tf.div(tf.sum(tf.softplus(wrong)), frames);
    const gradFunc = (dy: tf.Scalar, kept: tf.Tensor[]): tf.Tensor => {
      const [wrong, signs] = kept as [tf.Tensor, tf.Tensor];
      return tf.mul(tf.mul(tf.sigmoid(wrong), signs), tf.div(dy, frames));
    };
    return { value, gradFunc };
  });
  return loss(logits);
}

/**
 * Errors of each frame, mean over the batch: cross-entropy summed over its pixels (nats), and squared error of the
 * probabilities per pixel.
 * @param logits (T, B, P) @param pixels (T, B, P) @returns (T) each
 */
export function frameErrors(logits: tf.Tensor, pixels: tf.Tensor): { crossEntropy: number[]; squaredError: number[] } {
  const errors = tf.tidy(() => {
    const signs = tf.sub(1, tf.mul(2, pixels));
    const nats = tf.mean(tf.sum(tf.softplus(tf.mul(logits, signs)), 2), 1);
    return { nats, squares: tf.mean(tf.squaredDifference(tf.sigmoid(logits), pixels), [1, 2]) };
  });
  const read = (tensor: tf.Tensor): number[] => {
    const values = [...tensor.dataSync()];
    tensor.dispose();
    return values;
  };
  return { crossEntropy: read(errors.nats), squaredError: read(errors.squares) };
}
