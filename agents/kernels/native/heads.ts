import * as tf from '@tensorflow/tfjs';
import { tensorFlow } from '../backend.ts';
import { withGradient } from '../custom-gradient.ts';
import type { LinearParameters } from '../kernels.ts';
import { checkHeads } from '../shapes.ts';

/** See {@link Kernels.heads}. One operation of ours, and one for its gradient (heads_op.cc). */
export function heads(
  hidden: tf.Tensor3D,
  policy: LinearParameters,
  value: LinearParameters,
): { logits: tf.Tensor2D; values: tf.Tensor1D } {
  checkHeads(hidden, policy, value);
  const tensorflow = tensorFlow();
  const [policyWeights, valueWeights] = [policy.weights, value.weights];
  const inputs = { hidden, policyWeights, valueWeights, policyBias: policy.bias, valueBias: value.bias };
  const [logits, values] = withGradient(
    inputs,
    () => {
      const outputs = tensorflow.executeMultipleOutputs('RimAgentsHeads', [], Object.values(inputs), 2);
      return { outputs, kept: [hidden, policyWeights, valueWeights] };
    },
    (gradients, kept) => {
      const all = [...kept, ...gradients.map((dy, i) => dy ?? tf.zeros((i ? values : logits).shape))];
      const made = tensorflow.executeMultipleOutputs('RimAgentsHeadsGradient', [], all, 5);
      const names = Object.keys(inputs) as (keyof typeof inputs)[];
      return Object.fromEntries(names.map((name, i) => [name, made[i]])) as Record<keyof typeof inputs, tf.Tensor>;
    },
  ) as [tf.Tensor2D, tf.Tensor1D];
  return { logits, values };
}
