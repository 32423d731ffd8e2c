import * as tf from '@tensorflow/tfjs';
import { attributes, tensorFlow } from '../backend.ts';
import { isRecording, withGradient } from '../custom-gradient.ts';
import type { NatureConvParameters, Precision } from '../kernels.ts';
import { checkNatureConv } from '../shapes.ts';
import {
  biasAdd,
  biasGradient,
  bytesToFloat,
  convolve,
  convolveInputGradient,
  convolveWeightGradient,
  relu,
  reluGradient,
} from './operations.ts';

/** See {@link Kernels.natureConv}. */
export function natureConv(precision: Precision, frames: tf.Tensor4D, parameters: NatureConvParameters): tf.Tensor2D {
  checkNatureConv(frames, parameters);
  const isOurs = frames.shape[3] === 4 && !tensorFlow().isUsingGpuDevice;
  return isOurs ? ownConvolutions(precision, frames, parameters) : tensorflowConvolutions(frames, parameters);
}

/**
 * One operation of ours for all three layers, and one for its gradient (nature_cnn_op.cc).
 * The same bits whatever the number of threads.
 */
function ownConvolutions(
  precision: Precision,
  frames: tf.Tensor4D,
  { w0, b0, w1, b1, w2, b2 }: NatureConvParameters,
): tf.Tensor2D {
  const tensorflow = tensorFlow();
  const settings = attributes(tensorflow, { bf16: precision === 'bf16' });
  const recording = attributes(tensorflow, { is_recording: isRecording() });
  const weights = [w0, b0, w1, b1, w2, b2];
  const [features] = withGradient(
    { w0, b0, w1, b1, w2, b2 },
    () => {
      const made = tensorflow.executeMultipleOutputs(
        'RimAgentsNatureCnn',
        [...settings, ...recording],
        [frames, ...weights],
        3,
      );
      return { outputs: made.slice(0, 1), kept: [frames, ...weights, ...made] };
    },
    ([dy], kept) => {
      const inputs = [...kept, dy as tf.Tensor];
      const made = tensorflow.executeMultipleOutputs('RimAgentsNatureCnnGradient', settings, inputs, 6);
      const [w0, b0, w1, b1, w2, b2] = made as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      return { w0, b0, w1, b1, w2, b2 };
    },
  );
  return features as tf.Tensor2D;
}

/** TensorFlow's operations. The 1/255 is folded into the first weights: bytes are only converted, not scaled. */
function tensorflowConvolutions(frames: tf.Tensor4D, { w0, b0, w1, b1, w2, b2 }: NatureConvParameters): tf.Tensor2D {
  const [features] = withGradient(
    { w0, b0, w1, b1, w2, b2 },
    () => {
      const x = bytesToFloat(frames);
      const y0 = relu(biasAdd(convolve(x, tf.div(w0, 255), 4), b0));
      const y1 = relu(biasAdd(convolve(y0, w1, 2), b1));
      const y2 = relu(biasAdd(convolve(y1, w2, 1), b2));
      return { outputs: [tf.reshape(y2, [frames.shape[0], -1])], kept: [x, y0, y1, y2, w1, w2] };
    },
    ([dy], kept) => {
      const [x, y0, y1, y2, w1, w2] = kept as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor4D,
      ];
      const d2 = reluGradient(tf.reshape(dy as tf.Tensor, y2.shape), y2);
      const d1 = reluGradient(convolveInputGradient(w2, d2, y1.shape, 1), y1);
      const d0 = reluGradient(convolveInputGradient(w1, d1, y0.shape, 2), y0);
      return {
        w0: tf.div(convolveWeightGradient(x, d0, w0.shape, 4), 255),
        b0: biasGradient(d0),
        w1: convolveWeightGradient(y0, d1, w1.shape, 2),
        b1: biasGradient(d1),
        w2: convolveWeightGradient(y1, d2, w2.shape, 1),
        b2: biasGradient(d2),
      };
    },
  );
  return features as tf.Tensor2D;
}
