import * as tf from '@tensorflow/tfjs';
import { tensorFlow } from '../backend.ts';
import type { ClipAdamInputs, ClipAdamResult } from '../kernels.ts';
import { checkClipAdam } from '../shapes.ts';

/** See {@link Kernels.clipAdam}. One operation of ours (adam_op.cc); the same bits whatever the number of threads. */
export function clipAdam(inputs: ClipAdamInputs): ClipAdamResult {
  checkClipAdam(inputs);
  const { parameters, gradients, m, v, learningRate, step, maxNorm, beta1, beta2, epsilon } = inputs;
  // A tensor, not attributes: TensorFlow would keep one copy of the operation for every value it has seen.
  const correction1 = 1 - beta1 ** step;
  const correction2 = Math.sqrt(1 - beta2 ** step);
  const settings = tf.tensor1d([
    learningRate / correction1,
    correction2,
    maxNorm,
    epsilon,
    beta1,
    beta2,
    1 - beta1,
    1 - beta2,
  ]);
  const made = tensorFlow().executeMultipleOutputs('RimAgentsClipAdam', [], [parameters, gradients, m, v, settings], 4);
  settings.dispose();
  const [newParameters, newM, newV, norm] = made as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Scalar];
  return { parameters: newParameters, m: newM, v: newV, norm };
}
