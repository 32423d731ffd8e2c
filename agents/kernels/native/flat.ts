import type * as tf from '@tensorflow/tfjs';
import { attributes, tensorFlow } from '../backend.ts';
import { checkSplit } from '../shapes.ts';

/** See {@link Kernels.split}. One operation of ours (flat_op.cc), which copies almost nothing. */
export function split(flat: tf.Tensor1D, shapes: readonly (readonly number[])[]): tf.Tensor[] {
  checkSplit(flat, shapes);
  const tensorflow = tensorFlow();
  const settings = { n: shapes.length, ranks: shapes.map((shape) => shape.length), sizes: shapes.flat() };
  return tensorflow.executeMultipleOutputs('RimAgentsSplit', attributes(tensorflow, settings), [flat], shapes.length);
}

/** See {@link Kernels.join}. One operation of ours (flat_op.cc). */
export function join(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  const tensorflow = tensorFlow();
  const settings = attributes(tensorflow, { n: tensors.length });
  return tensorflow.executeSingleOutput('RimAgentsJoin', settings, tensors) as tf.Tensor1D;
}
