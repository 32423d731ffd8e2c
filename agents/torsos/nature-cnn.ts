import type * as tf from '@tensorflow/tfjs';
import { orthogonal, zeros } from '../initializers.ts';
import type { Kernels } from '../kernels/index.ts';
import type { Torso } from './torso.ts';

/**
 * The convolutional network of Mnih et al. 2015 (Nature 518) over uint8 frames (N, 84, 84, channels), scaled to [0, 1]
 * inside, and a fully connected layer of `width` units; relu after each layer. Weights orthogonal with gain sqrt(2),
 * biases zero, as in OpenAI Baselines and CleanRL.
 */
export function natureCnn(kernels: Kernels, channels: number, width: number): Torso {
  const weights = orthogonal(Math.SQRT2);
  return {
    outputSize: width,
    parameters: [
      { name: 'w0', shape: [8, 8, channels, 32], initializer: weights },
      { name: 'b0', shape: [32], initializer: zeros },
      { name: 'w1', shape: [4, 4, 32, 64], initializer: weights },
      { name: 'b1', shape: [64], initializer: zeros },
      { name: 'w2', shape: [3, 3, 64, 64], initializer: weights },
      { name: 'b2', shape: [64], initializer: zeros },
      { name: 'weights', shape: [3136, width], initializer: weights },
      { name: 'bias', shape: [width], initializer: zeros },
    ],
    apply(parameters, observations) {
      const { w0, b0, w1, b1, w2, b2, weights, bias } = parameters as ConvolutionParameters;
      const features = kernels.natureConv(observations as tf.Tensor4D, { w0, b0, w1, b1, w2, b2 });
      return kernels.denseRelu(features, weights, bias);
    },
  };
}

type ConvolutionParameters = Record<'w0' | 'w1' | 'w2', tf.Tensor4D> &
  Record<'b0' | 'b1' | 'b2' | 'bias', tf.Tensor1D> & { weights: tf.Tensor2D };
