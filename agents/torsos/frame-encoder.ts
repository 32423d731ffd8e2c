import * as tf from '@tensorflow/tfjs';
import { orthogonal, zeros } from '../initializers.ts';
import type { Torso } from './torso.ts';

/**
 * A convolutional network over pictures of 64x64 pixels that come as 16x16 cells of 4x4 pixels, (N, 16, 16, 16)
 * float32: convolutions of 4x4 with strides 4, 2, 2 and 16, 32, 64 channels (the first is a product, as its windows are
 * the cells), and a fully connected layer of `width` units; ELU after each. About 1.1 M multiply-adds per picture, and
 * 1,024 for each unit: smaller than that of van Steenkiste et al. 2018 (arXiv 1802.10353), whose first stride is 2.
 * Weights orthogonal with gain sqrt(2), biases zero.
 */
export function frameEncoder(width: number): Torso {
  const weights = orthogonal(Math.SQRT2);
  return {
    outputSize: width,
    parameters: [
      { name: 'w0', shape: [16, 16], initializer: weights },
      { name: 'b0', shape: [16], initializer: zeros },
      { name: 'w1', shape: [4, 4, 16, 32], initializer: weights },
      { name: 'b1', shape: [32], initializer: zeros },
      { name: 'w2', shape: [4, 4, 32, 64], initializer: weights },
      { name: 'b2', shape: [64], initializer: zeros },
      { name: 'weights', shape: [1024, width], initializer: weights },
      { name: 'bias', shape: [width], initializer: zeros },
    ],
    apply(parameters, observations) {
      const { w0, b0, w1, b1, w2, b2, weights, bias } = parameters as EncoderParameters;
      const cells = tf.reshape(observations, [-1, 16]);
      const y0: tf.Tensor4D = tf.reshape(tf.elu(tf.add(tf.matMul(cells, w0), b0)), [-1, 16, 16, 16]);
      const y1: tf.Tensor4D = tf.elu(tf.add(tf.conv2d(y0, w1, 2, 'same'), b1));
      const y2 = tf.elu(tf.add(tf.conv2d(y1, w2, 2, 'same'), b2));
      return tf.elu(tf.add(tf.matMul(tf.reshape(y2, [-1, 1024]), weights), bias));
    },
  };
}

type EncoderParameters = Record<'w0' | 'weights', tf.Tensor2D> &
  Record<'w1' | 'w2', tf.Tensor4D> &
  Record<'b0' | 'b1' | 'b2' | 'bias', tf.Tensor1D>;
