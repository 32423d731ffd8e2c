import * as tf from '@tensorflow/tfjs';
import type { NatureConvParameters } from '../kernels.ts';

/** See {@link Kernels.natureConv}. */
export function natureConv(frames: tf.Tensor4D, { w0, b0, w1, b1, w2, b2 }: NatureConvParameters): tf.Tensor2D {
  const layer = (x: tf.Tensor4D, weights: tf.Tensor4D, bias: tf.Tensor1D, stride: number): tf.Tensor4D =>
    tf.relu(tf.add(tf.conv2d(x, weights, stride, 'valid'), bias));
  return tf.tidy(() => {
    const scaled = tf.div<tf.Tensor4D>(tf.cast(frames, 'float32'), 255);
    const features = layer(layer(layer(scaled, w0, b0, 4), w1, b1, 2), w2, b2, 1);
    return tf.reshape(features, [frames.shape[0], -1]);
  });
}

/** See {@link Kernels.denseRelu}. */
export function denseRelu(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => tf.relu(tf.add(tf.matMul(x, weights), bias)));
}

/** See {@link Kernels.uint8Tensor}. tfjs has no uint8 of its own: int32. */
export function uint8Tensor(data: Uint8Array, shape: readonly number[]): tf.Tensor {
  return tf.tensor(Int32Array.from(data), [...shape], 'int32');
}
