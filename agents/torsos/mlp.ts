import * as tf from '@tensorflow/tfjs';
import { orthogonal, zeros } from '../initializers.ts';
import type { Torso } from './torso.ts';

/** Two layers of `width` tanh units over a float32 vector (`inputSize`), as in Stable-Baselines3's MlpPolicy. */
export function mlp(inputSize: number, width: number): Torso {
  return {
    outputSize: width,
    parameters: [
      { name: 'weights0', shape: [inputSize, width], initializer: orthogonal(Math.SQRT2) },
      { name: 'bias0', shape: [width], initializer: zeros },
      { name: 'weights1', shape: [width, width], initializer: orthogonal(Math.SQRT2) },
      { name: 'bias1', shape: [width], initializer: zeros },
    ],
    apply(parameters, observations) {
      const { weights0, bias0, weights1, bias1 } = parameters as Record<
        'weights0' | 'bias0' | 'weights1' | 'bias1',
        tf.Tensor2D
      >;
      const hidden = tf.tanh(tf.add(tf.matMul(observations as tf.Tensor2D, weights0), bias0));
      return tf.tanh(tf.add(tf.matMul(hidden as tf.Tensor2D, weights1), bias1));
    },
  };
}
