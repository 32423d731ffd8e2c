import * as tf from '@tensorflow/tfjs';
import { tensorFlow } from '../backend.ts';
import { isRecording, withGradient } from '../custom-gradient.ts';
import type { Precision } from '../kernels.ts';
import { checkDense } from '../shapes.ts';
import { biasAdd, biasGradient, relu, reluGradient } from './operations.ts';

/** See {@link Kernels.denseRelu}. */
export function denseRelu(precision: Precision, x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  checkDense(x, weights, bias);
  if (precision === 'bf16') return bf16DenseRelu(x, weights, bias);
  // Not by the number of rows: how environments are grouped must change no bit.
  const isActing = !isRecording() && !tensorFlow().isUsingGpuDevice;
  return isActing ? fewRowsDenseRelu(x, weights, bias) : tensorflowDenseRelu(x, weights, bias);
}

/** Our operation for acting (dense_few_rows_op.cc). */
function fewRowsDenseRelu(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return tensorFlow().executeSingleOutput('RimAgentsDenseReluFewRows', [], [x, weights, bias]) as tf.Tensor2D;
}

/** Our operation for products in bfloat16 (dense_op.cc). */
function bf16DenseRelu(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const tensorflow = tensorFlow();
  const [y] = withGradient(
    { x, weights, bias },
    () => {
      const y = tensorflow.executeSingleOutput('RimAgentsDenseRelu', [], [x, weights, bias]);
      return { outputs: [y], kept: [x, weights, y] };
    },
    ([dy], kept) => {
      const inputs = [...kept, dy as tf.Tensor];
      const made = tensorflow.executeMultipleOutputs('RimAgentsDenseReluGradient', [], inputs, 3);
      const [dx, dWeights, dBias] = made as [tf.Tensor, tf.Tensor, tf.Tensor];
      return { x: dx, weights: dWeights, bias: dBias };
    },
  );
  return y as tf.Tensor2D;
}

/** TensorFlow's operations. The gradient of relu is one, where tfjs makes it of two. */
function tensorflowDenseRelu(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const [y] = withGradient(
    { x, weights, bias },
    () => {
      const y = relu(biasAdd(tf.matMul(x, weights), bias));
      return { outputs: [y], kept: [x, weights, y] };
    },
    ([dy], kept) => {
      const [x, weights, y] = kept as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
      const d = reluGradient(dy as tf.Tensor2D, y);
      return { x: tf.matMul(d, weights, false, true), weights: tf.matMul(x, d, true, false), bias: biasGradient(d) };
    },
  );
  return y as tf.Tensor2D;
}
