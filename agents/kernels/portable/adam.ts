import * as tf from '@tensorflow/tfjs';
import type { ClipAdamInputs, ClipAdamResult } from '../kernels.ts';

/** See {@link Kernels.clipAdam}. */
export function clipAdam(inputs: ClipAdamInputs): ClipAdamResult {
  const { parameters, gradients, m, v, learningRate, step, maxNorm, beta1, beta2, epsilon } = inputs;
  return tf.tidy(() => {
    const norm = tf.sqrt(tf.sum(tf.square(gradients))) as tf.Scalar;
    const clipped = tf.mul(gradients, tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1));
    const newM = tf.add(tf.mul(m, beta1), tf.mul(clipped, 1 - beta1)) as tf.Tensor1D;
    const newV = tf.add(tf.mul(v, beta2), tf.mul(tf.square(clipped), 1 - beta2)) as tf.Tensor1D;
    const deviation = tf.add(tf.div(tf.sqrt(newV), Math.sqrt(1 - beta2 ** step)), epsilon);
    const change = tf.mul(tf.div(newM, deviation), learningRate / (1 - beta1 ** step));
    return { parameters: tf.sub(parameters, change) as tf.Tensor1D, m: newM, v: newV, norm };
  });
}
