import * as tf from '@tensorflow/tfjs';
import { type Attribute, tensorFlow } from '../backend.ts';

/** Operations of TensorFlow that tfjs has no name for, on float32 tensors with channels last. */

export function relu<T extends tf.Tensor>(x: T): T {
  return run('Relu', [x]) as T;
}

/** @param y what relu gave */
export function reluGradient<T extends tf.Tensor>(dy: tf.Tensor, y: T): T {
  return run('ReluGrad', [dy, y]) as T;
}

/** x plus bias along the last axis. */
export function biasAdd<T extends tf.Tensor>(x: T, bias: tf.Tensor1D): T {
  return run('BiasAdd', [x, bias]) as T;
}

/** Sum over all axes but the last. */
export function biasGradient(dy: tf.Tensor): tf.Tensor1D {
  return run('BiasAddGrad', [dy]) as tf.Tensor1D;
}

/** @param bytes of real uint8, see {@link uint8Tensor} */
export function bytesToFloat<T extends tf.Tensor>(bytes: T): T {
  const tensorflow = tensorFlow();
  const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_UINT8, TF_FLOAT } = tensorflow.binding;
  const attributes: Attribute[] = [
    { name: 'SrcT', type: TF_ATTR_TYPE, value: TF_UINT8 },
    { name: 'DstT', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'Truncate', type: TF_ATTR_BOOL, value: false },
  ];
  return tensorflow.executeSingleOutput('Cast', attributes, [bytes]) as T;
}

/**
 * A convolution without padding.
 * @param x (N, height, width, channels) @param weights (height, width, channels, channels out)
 */
export function convolve(x: tf.Tensor4D, weights: tf.Tensor4D, stride: number): tf.Tensor4D {
  return run('Conv2D', [x, weights], convolution(stride)) as tf.Tensor4D;
}

/** Gradient of {@link convolve} with respect to its weights. */
export function convolveWeightGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  shape: readonly number[],
  stride: number,
): tf.Tensor4D {
  const sizes = tf.tensor1d([...shape], 'int32');
  const gradient = run('Conv2DBackpropFilter', [x, sizes, dy], convolution(stride));
  sizes.dispose();
  return gradient as tf.Tensor4D;
}

/** Gradient of {@link convolve} with respect to x. */
export function convolveInputGradient(
  weights: tf.Tensor4D,
  dy: tf.Tensor4D,
  shape: readonly number[],
  stride: number,
): tf.Tensor4D {
  const sizes = tf.tensor1d([...shape], 'int32');
  const gradient = run('Conv2DBackpropInput', [sizes, weights, dy], convolution(stride));
  sizes.dispose();
  return gradient as tf.Tensor4D;
}

/** Bytes as TensorFlow's uint8; tfjs, which has no such type, takes the tensor for int32. The caller disposes it. */
export function uint8Tensor(data: Uint8Array, shape: readonly number[]): tf.Tensor {
  const tensorflow = tensorFlow();
  const dtype = tensorflow.binding.TF_UINT8;
  return tensorflow.createOutputTensor({ id: tensorflow.binding.createTensor(shape, dtype, data), shape, dtype });
}

function convolution(stride: number): Attribute[] {
  const { TF_ATTR_INT, TF_ATTR_STRING } = tensorFlow().binding;
  return [
    { name: 'strides', type: TF_ATTR_INT, value: [1, stride, stride, 1] },
    { name: 'padding', type: TF_ATTR_STRING, value: 'VALID' },
  ];
}

function run(name: string, inputs: readonly tf.Tensor[], attributes: readonly Attribute[] = []): tf.Tensor {
  const tensorflow = tensorFlow();
  const { TF_ATTR_TYPE, TF_FLOAT } = tensorflow.binding;
  return tensorflow.executeSingleOutput(
    name,
    [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }, ...attributes],
    inputs,
  );
}
