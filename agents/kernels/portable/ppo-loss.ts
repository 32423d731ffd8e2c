import * as tf from '@tensorflow/tfjs';
import type { PpoLossInputs, PpoLossResult, PpoLossSettings } from '../kernels.ts';

/** See {@link Kernels.ppoLoss}. */
export function ppoLoss(
  logits: tf.Tensor2D,
  values: tf.Tensor1D,
  inputs: PpoLossInputs,
  settings: PpoLossSettings,
): PpoLossResult {
  const { clip, clipValue, valueCoefficient, entropyCoefficient } = settings;
  const { oldValues, returns } = inputs;

  const logProbabilities = tf.logSoftmax(logits);
  const chosen = tf.oneHot(inputs.actions, logits.shape[1]);
  const logRatio = tf.sub(tf.sum(tf.mul(logProbabilities, chosen), 1), inputs.oldLogProbabilities);
  const ratio = tf.exp(logRatio);
  const surrogate = tf.mul(ratio, inputs.advantages);
  const clipped = tf.mul(tf.clipByValue(ratio, 1 - clip, 1 + clip), inputs.advantages);
  const policyLoss = tf.neg(tf.mean(tf.minimum(surrogate, clipped)));

  const squaredError = tf.square(tf.sub(values, returns));
  const near = tf.add(oldValues, tf.clipByValue(tf.sub(values, oldValues), -clip, clip));
  const error = clipValue ? tf.maximum(squaredError, tf.square(tf.sub(near, returns))) : squaredError;
  const valueLoss = tf.mul(0.5, tf.mean(error));

  const entropy = tf.neg(tf.mean(tf.sum(tf.mul(tf.exp(logProbabilities), logProbabilities), 1)));
  const loss = tf.add(policyLoss, tf.sub(tf.mul(valueCoefficient, valueLoss), tf.mul(entropyCoefficient, entropy)));

  const approxKl = tf.mean(tf.sub(tf.sub(ratio, 1), logRatio));
  const clipFraction = tf.mean(tf.cast(tf.greater(tf.abs(tf.sub(ratio, 1)), clip), 'float32'));
  const statistics = tf.stack([policyLoss, valueLoss, entropy, approxKl, clipFraction]);
  return { loss: loss as tf.Scalar, statistics: statistics as tf.Tensor1D };
}
