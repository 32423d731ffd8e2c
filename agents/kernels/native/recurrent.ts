import * as tf from '@tensorflow/tfjs';
import { attributes, tensorFlow } from '../backend.ts';
import { isRecording, withGradient } from '../custom-gradient.ts';
import type { GruParameters, LstmParameters, Precision } from '../kernels.ts';
import { checkGru, checkLstm } from '../shapes.ts';

/**
 * See {@link Kernels.lstmSequence}. One operation of ours for all steps, and one for its gradient (recurrent_op.cc).
 */
export function lstmSequence(
  precision: Precision,
  parameters: LstmParameters,
  x: tf.Tensor3D,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  keep: tf.Tensor2D,
): { h: tf.Tensor3D; c: tf.Tensor3D } {
  checkLstm(parameters, x, h0, c0, keep);
  const { input, hidden, bias } = parameters;
  const [h, c] = sequence('Lstm', { input, hidden, bias }, x, { h0, c0 }, keep, precision) as [
    tf.Tensor3D,
    tf.Tensor3D,
  ];
  return { h, c };
}

/** See {@link Kernels.gruSequence}. One operation of ours for all steps, and one for its gradient (recurrent_op.cc). */
export function gruSequence(
  precision: Precision,
  parameters: GruParameters,
  x: tf.Tensor3D,
  h0: tf.Tensor2D,
  keep: tf.Tensor2D,
): { h: tf.Tensor3D } {
  checkGru(parameters, x, h0, keep);
  const { input, hidden, bias, hiddenBias } = parameters;
  const [h] = sequence('Gru', { input, hidden, bias, hiddenBias }, x, { h0 }, keep, precision) as [tf.Tensor3D];
  return { h };
}

/**
 * @param weights in the order in which the operation takes them @param states before the first step
 * @returns each state after every step
 */
function sequence(
  cell: 'Lstm' | 'Gru',
  weights: Readonly<Record<string, tf.Tensor>>,
  x: tf.Tensor,
  states: Readonly<Record<string, tf.Tensor>>,
  keep: tf.Tensor,
  precision: Precision,
): tf.Tensor[] {
  const tensorflow = tensorFlow();
  const settings = attributes(tensorflow, { bf16: precision === 'bf16' });
  const recording = attributes(tensorflow, { is_recording: isRecording() });
  const inputs = { x, ...weights, ...states };
  const shared = [x, keep, ...Object.values(weights)];
  const outputs = Object.keys(states).length;
  return withGradient(
    inputs,
    () => {
      const all = [...shared, ...Object.values(states)];
      const made = tensorflow.executeMultipleOutputs(`RimAgents${cell}`, [...settings, ...recording], all, 1 + outputs);
      const [tape, ...after] = made as [tf.Tensor, ...tf.Tensor[]];
      return { outputs: after, kept: [...shared, tape] };
    },
    (gradients, kept) => {
      const names = Object.keys(inputs);
      const all = [...kept, ...gradients.map((gradient) => gradient ?? tf.zeros([0]))];
      const made = tensorflow.executeMultipleOutputs(`RimAgents${cell}Gradient`, settings, all, names.length);
      return Object.fromEntries(names.map((name, i) => [name, made[i] as tf.Tensor]));
    },
  );
}
