import * as tf from '@tensorflow/tfjs';

/** See {@link Kernels.split}. */
export function split(flat: tf.Tensor1D, shapes: readonly (readonly number[])[]): tf.Tensor[] {
  return tf.tidy(() => {
    const sizes = shapes.map((shape) => shape.reduce((a, b) => a * b, 1));
    return tf.split(flat, sizes).map((part, i) => tf.reshape(part, [...(shapes[i] as readonly number[])]));
  });
}

/** See {@link Kernels.join}. */
export function join(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  return tf.tidy(() => tf.concat(tensors.map((tensor) => tf.reshape(tensor, [-1]))) as tf.Tensor1D);
}
