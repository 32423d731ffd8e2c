import * as tf from '@tensorflow/tfjs';

/** N samples of a minibatch, as the policy that played them saw them. */
export interface LossInputs {
  /** (N) int32 */
  readonly actions: tf.Tensor1D;
  /** (N): log-probability of the action when it was played. */
  readonly oldLogProbabilities: tf.Tensor1D;
  /** (N): the critic's value when it was played. */
  readonly oldValues: tf.Tensor1D;
  readonly advantages: tf.Tensor1D;
  readonly returns: tf.Tensor1D;
}

export interface LossOptions {
  /** Half-width of the clipped range, of the ratio and (if `clipValue`) of the value. */
  readonly clip: number;
  readonly clipValue: boolean;
  readonly valueCoefficient: number;
  readonly entropyCoefficient: number;
}

/** Names of the statistics, in the order in which {@link ppoLoss} stacks them. */
export const lossStatistics = ['policyLoss', 'valueLoss', 'entropy', 'approxKl', 'clipFraction'] as const;
export type LossStatistics = Record<(typeof lossStatistics)[number], number>;

/**
 * PPO's clipped surrogate with value loss and entropy bonus (Schulman et al. 2017, arXiv 1707.06347,
 * equations 7 and 9; value clipping as in OpenAI Baselines; approximate KL as
 * `mean((ratio - 1) - log ratio)`, Schulman 2020, "Approximating KL divergence").
 *
 * @param logits (N, A) @param values (N): the policy's and critic's word now, differentiable
 * @returns the loss, a scalar to minimise, and the statistics (5), in nats where they are entropies
 */
export function ppoLoss(
  logits: tf.Tensor2D,
  values: tf.Tensor1D,
  inputs: LossInputs,
  options: LossOptions,
): { loss: tf.Scalar; statistics: tf.Tensor1D } {
  const { clip, clipValue, valueCoefficient, entropyCoefficient } = options;
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
