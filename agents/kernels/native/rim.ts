import * as tf from '@tensorflow/tfjs';
import { isNativeRim } from '../../cores/limits.ts';
import { attributes, tensorFlow } from '../backend.ts';
import { isRecording, withGradient } from '../custom-gradient.ts';
import { dropoutThreshold } from '../dropout.ts';
import type { Precision, RimDropout, RimParameters, RimResult, RimSpec } from '../kernels.ts';
import { portableKernels } from '../portable/index.ts';
import { checkRim } from '../shapes.ts';

/** The parameters in the order in which our operations take them; of inputKey and inputValue all elements' as one. */
const names = [
  'inputQuery',
  'inputKey',
  'inputValue',
  'rnnInput',
  'rnnHidden',
  'rnnBias',
  'commQuery',
  'commKey',
  'commValue',
  'commOut',
  'commOutBias',
  'rnnHiddenBias',
  'commGate',
  'commGateBias',
] as const;
type Weights = Readonly<Record<(typeof names)[number], tf.Tensor>>;

/**
 * See {@link Kernels.rimSequence}. One operation of ours for all steps, and one for its gradient (rim_op.cc). More
 * modules or elements than these take are for the portable operations, in float32.
 */
export function rimSequence(
  precision: Precision,
  spec: RimSpec,
  parameters: RimParameters,
  x: readonly tf.Tensor3D[],
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  keep: tf.Tensor2D,
  dropout?: RimDropout,
): RimResult {
  if (!isNativeRim(spec.modules, x.length))
    return portableKernels.rimSequence(spec, parameters, x, h0, c0, keep, dropout);
  checkRim(spec, parameters, x, h0, c0, keep, dropout);
  const drawn = dropout && dropout.rate > 0 ? [dropout.seed, dropoutThreshold(dropout)] : [];
  return tf.tidy(() => {
    const [h, c, active, nullAttention] = run(
      {
        ...{ ...sizes(spec), element_widths: x.map((element) => element.shape[2]) },
        ...{ drops: drawn.length > 0, bf16: precision === 'bf16' },
      },
      { x: joined(x, 2), h0, c0, ...weightsOf(spec, parameters, x.length) },
      keep,
      tf.tensor1d(
        Int32Array.from(drawn, (word) => word | 0),
        'int32',
      ),
    );
    return { h, c, active, nullAttention };
  });
}

function sizes(spec: RimSpec) {
  const { modules, active, inputHeads, commHeads, rnn, readInactive, inputAttention, communication } = spec;
  return {
    ...{ modules, active_modules: active, is_lstm: rnn === 'lstm' },
    ...{ input_heads: inputHeads, comm_heads: communication ? commHeads : 0 },
    ...{ attends_to_input: inputAttention, communicates: communication, is_gated: communication && spec.commGate },
    reads_candidate: communication && readInactive === 'candidate',
  };
}

/** What our operations take: elements one below the other, and of no rows or columns what the variant lacks. */
function weightsOf(spec: RimSpec, parameters: RimParameters, elements: number): Weights {
  const { modules, units, rnn } = spec;
  const indices = [...Array(elements).keys()];
  const inputValue = joined(indices.map((i) => parameters[`inputValue${i}`] as tf.Tensor));
  const toNothing = (): tf.Tensor => tf.zeros([modules, units, 0]);
  const fromNothing = (): tf.Tensor => tf.zeros([0, units]);
  const own: Partial<Weights> = {
    inputValue,
    ...(spec.inputAttention
      ? { inputKey: joined(indices.map((i) => parameters[`inputKey${i}`] as tf.Tensor)) }
      : { inputKey: tf.zeros([inputValue.shape[0] as number, 0]), inputQuery: toNothing() }),
    ...(rnn === 'lstm' && { rnnHiddenBias: tf.zeros([0, 4 * units]) }),
    ...(!(spec.communication && spec.commGate) && { commGate: fromNothing(), commGateBias: tf.zeros([0]) }),
    ...(!spec.communication && { commQuery: toNothing(), commKey: toNothing(), commValue: toNothing() }),
    ...(!spec.communication && { commOut: fromNothing(), commOutBias: tf.zeros([0]) }),
  };
  const given = parameters as unknown as Weights;
  return Object.fromEntries(names.map((name) => [name, own[name] ?? given[name]])) as Weights;
}

/** Tensors one after the other along an axis. */
function joined(tensors: readonly tf.Tensor[], axis = 0): tf.Tensor {
  return tensors.length === 1 ? (tensors[0] as tf.Tensor) : tf.concat([...tensors], axis);
}

function run(
  settings: Parameters<typeof attributes>[1],
  inputs: Weights & Readonly<Record<'x' | 'h0' | 'c0', tf.Tensor>>,
  keep: tf.Tensor2D,
  dropout: tf.Tensor1D,
): [h: tf.Tensor3D, c: tf.Tensor3D, active: tf.Tensor3D, nullAttention: tf.Tensor3D] {
  const tensorflow = tensorFlow();
  const { x, h0, c0 } = inputs;
  const shared = [x, keep, ...names.map((name) => inputs[name]), dropout];
  const recording = isRecording();
  const differentiable = Object.fromEntries(['x', 'h0', 'c0', ...names].map((name) => [name, inputs[name as 'x']]));
  return withGradient(
    differentiable,
    () => {
      const forward = attributes(tensorflow, { ...settings, is_recording: recording });
      const made = tensorflow.executeMultipleOutputs('RimAgentsRim', forward, [...shared, h0, c0], 5);
      const [, , active, , tape] = made as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      return { outputs: made.slice(0, 4), kept: [...shared, active, tape] };
    },
    ([dh, dc], kept) => {
      const all = [...kept, dh ?? tf.zeros([0]), dc ?? tf.zeros([0])];
      const outputs = Object.keys(differentiable);
      const backward = attributes(tensorflow, settings);
      const gradients = tensorflow.executeMultipleOutputs('RimAgentsRimGradient', backward, all, outputs.length);
      return Object.fromEntries(outputs.map((name, i) => [name, gradients[i] as tf.Tensor]));
    },
  ) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
}
