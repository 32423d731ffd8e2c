import type * as tf from '@tensorflow/tfjs';
import { attributes, tensorFlow } from '../backend.ts';
import { isRecording, withGradient } from '../custom-gradient.ts';
import type { RimParameters, RimResult, RimSpec } from '../kernels.ts';
import * as portable from '../portable/rim.ts';
import { checkRim } from '../shapes.ts';

/** The parameters in the order in which our operations take them. */
const names = [
  'inputQuery',
  'inputKey0',
  'inputValue0',
  'rnnInput',
  'rnnHidden',
  'rnnBias',
  'commQuery',
  'commKey',
  'commValue',
  'commOut',
  'commOutBias',
] as const;

const mostModules = 64;

/** Whether our operation computes this variant; the others run in plain tfjs operations. */
function isNative({ rnn, inputHeads, readInactive, commGate, modules }: RimSpec): boolean {
  return rnn === 'lstm' && inputHeads === 1 && readInactive === 'state' && !commGate && modules <= mostModules;
}

/** See {@link Kernels.rimSequence}. One operation of ours for all steps, and one for its gradient (rim_op.cc). */
export function rimSequence(
  spec: RimSpec,
  parameters: RimParameters,
  x: tf.Tensor3D,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  keep: tf.Tensor2D,
): RimResult {
  checkRim(spec, parameters, x, h0, c0, keep);
  if (!isNative(spec)) return portable.rimSequence(spec, parameters, x, h0, c0, keep);
  const tensorflow = tensorFlow();
  const sizes = { modules: spec.modules, active_modules: spec.active, comm_heads: spec.commHeads };
  const weights = names.map((name) => parameters[name]);
  const recording = isRecording();
  const named = Object.fromEntries(names.map((name) => [name, parameters[name]]));
  const [h, c, active, nullAttention] = withGradient(
    { x, h0, c0, ...named },
    () => {
      const settings = attributes(tensorflow, { ...sizes, is_recording: recording });
      const made = tensorflow.executeMultipleOutputs('RimAgentsRim', settings, [x, keep, ...weights, h0, c0], 5);
      const [, , active, , tape] = made as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      return { outputs: made.slice(0, 4), kept: [x, keep, ...weights, active, tape] };
    },
    ([dh, dc], kept) => {
      const inputs = [...kept, dh as tf.Tensor, dc as tf.Tensor];
      const gradients = tensorflow.executeMultipleOutputs(
        'RimAgentsRimGradient',
        attributes(tensorflow, sizes),
        inputs,
        3 + names.length,
      );
      return Object.fromEntries(['x', 'h0', 'c0', ...names].map((name, i) => [name, gradients[i] as tf.Tensor]));
    },
  ) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
  return { h, c, active, nullAttention };
}
