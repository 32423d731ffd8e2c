import * as tf from '@tensorflow/tfjs';
import { tensorFlow } from '../backend.ts';
import { withGradient } from '../custom-gradient.ts';
import type { PpoLossInputs, PpoLossResult, PpoLossSettings } from '../kernels.ts';
import { checkPpoLoss } from '../shapes.ts';

/** See {@link Kernels.ppoLoss}. One operation of ours gives the loss and its gradient (ppo_loss.cc). */
export function ppoLoss(
  logits: tf.Tensor2D,
  values: tf.Tensor1D,
  inputs: PpoLossInputs,
  settings: PpoLossSettings,
): PpoLossResult {
  checkPpoLoss(logits, values, inputs, settings);
  const { actions, oldLogProbabilities, oldValues, advantages, returns } = inputs;
  const { clip, clipValue, valueCoefficient, entropyCoefficient } = settings;
  return tf.tidy(() => {
    const numbers = tf.tensor1d([clip, clipValue ? 1 : 0, valueCoefficient, entropyCoefficient]);
    const all = [logits, values, actions, oldLogProbabilities, oldValues, advantages, returns, numbers];
    const [loss, statistics] = withGradient(
      { logits, values },
      () => {
        const made = tensorFlow().executeMultipleOutputs('RimAgentsPpoLoss', [], all, 4);
        return { outputs: made.slice(0, 2), kept: made.slice(2) };
      },
      ([dLoss = tf.scalar(0)], [dLogits, dValues]) => ({
        logits: tf.mul(dLogits as tf.Tensor, dLoss),
        values: tf.mul(dValues as tf.Tensor, dLoss),
      }),
    ) as [tf.Scalar, tf.Tensor1D];
    return { loss, statistics };
  });
}
