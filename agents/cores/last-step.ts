import * as tf from '@tensorflow/tfjs';

/** What a sequence (T, B, width) ends with, (B, width). */
export function lastStep(all: tf.Tensor3D): tf.Tensor2D {
  const [steps, batch, width] = all.shape;
  return tf.reshape(tf.slice(all, [steps - 1, 0, 0], [1, batch, width]), [batch, width]);
}
