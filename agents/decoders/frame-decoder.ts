import * as tf from '@tensorflow/tfjs';
import { orthogonal, zeros } from '../initializers.ts';
import type { Parameters, ParameterSpec } from '../parameters.ts';

export interface Decoder {
  readonly parameters: readonly ParameterSpec[];
  /**
   * @param features (N, e)
   * @returns logits (N, 16, 16, 16) of pictures of 64x64 pixels, as 16x16 cells of 4x4 pixels; differentiable
   */
  apply(parameters: Parameters, features: tf.Tensor2D): tf.Tensor4D;
}

/**
 * The mirror image of the frame encoder: a fully connected layer, two transposed convolutions of 4x4 with stride 2 and
 * 32, then 16 channels, ELU after each; and one of stride 4, which is a product, as its windows are the cells. About
 * 1.1 M multiply-adds per picture, and 1,024 for each feature.
 * Weights orthogonal with gain sqrt(2), of the last layer 1; biases zero.
 */
export function frameDecoder(inputSize: number): Decoder {
  const weights = orthogonal(Math.SQRT2);
  return {
    parameters: [
      { name: 'weights', shape: [inputSize, 1024], initializer: weights },
      { name: 'bias', shape: [1024], initializer: zeros },
      { name: 'w0', shape: [4, 4, 32, 64], initializer: weights },
      { name: 'b0', shape: [32], initializer: zeros },
      { name: 'w1', shape: [4, 4, 16, 32], initializer: weights },
      { name: 'b1', shape: [16], initializer: zeros },
      { name: 'w2', shape: [16, 16], initializer: orthogonal(1) },
      { name: 'b2', shape: [16], initializer: zeros },
    ],
    apply(parameters, features) {
      const { w0, b0, w1, b1, w2, b2, weights, bias } = parameters as DecoderParameters;
      const [count] = features.shape;
      const y0: tf.Tensor4D = tf.reshape(tf.elu(tf.add(tf.matMul(features, weights), bias)), [count, 4, 4, 64]);
      const y1: tf.Tensor4D = tf.elu(tf.add(tf.conv2dTranspose(y0, w0, [count, 8, 8, 32], 2, 'same'), b0));
      const y2 = tf.elu(tf.add(tf.conv2dTranspose(y1, w1, [count, 16, 16, 16], 2, 'same'), b1));
      const logits = tf.add(tf.matMul(tf.reshape(y2, [-1, 16]), w2), b2);
      return tf.reshape(logits, [count, 16, 16, 16]);
    },
  };
}

type DecoderParameters = Record<'w2' | 'weights', tf.Tensor2D> &
  Record<'w0' | 'w1', tf.Tensor4D> &
  Record<'b0' | 'b1' | 'b2' | 'bias', tf.Tensor1D>;
