// Every operation of ours, as TensorFlow sees it: what its inputs' shapes are, given the sizes.
import * as tf from '@tensorflow/tfjs';
import { attributes, tensorFlow } from '../../../agents/kernels/backend.ts';
import { uint8Tensor } from '../../../agents/kernels/native/operations.ts';
import type { Random } from '../../../agents/random.ts';
import type { Tensors } from './cases.ts';
import { linearOperations } from './linear-operations.ts';
import type { Operation, Settings, Shapes, Sizes } from './operation.ts';

interface RecurrentSizes {
  readonly [name: string]: number;
  readonly T: number;
  readonly B: number;
  readonly e: number;
  readonly u: number;
}
const recurrentSizes: RecurrentSizes = { T: 3, B: 2, e: 5, u: 4 };

const recurrentShapes = (gates: number, { T, B, e, u }: RecurrentSizes): Shapes => ({
  ...{ x: [T, B, e], keep: [T, B], input: [e, gates * u], hidden: [u, gates * u], bias: [gates * u] },
  ...(gates === 3 && { hidden_bias: [gates * u] }),
});
const none = (): Settings => ({});

const recurrentOperations = [false, true].flatMap((bf16): Operation[] => {
  const shared = { variant: bf16 ? 'bf16' : 'float32', sizes: recurrentSizes };
  const states = (gates: number, names: readonly string[], shape: readonly number[]): Shapes =>
    Object.fromEntries(names.slice(0, gates - 2).map((name) => [name, shape]));
  return (
    [
      ['RimAgentsLstm', 4],
      ['RimAgentsGru', 3],
    ] as const
  ).flatMap(([name, gates]): Operation[] => [
    {
      name,
      ...shared,
      shapes: (s: RecurrentSizes) => ({ ...recurrentShapes(gates, s), ...states(gates, ['h0', 'c0'], [s.B, s.u]) }),
      attributes: () => ({ bf16, is_recording: true }),
      outputs: gates - 1,
    },
    {
      name: `${name}Gradient`,
      ...shared,
      shapes: (s: RecurrentSizes) => ({
        ...{ ...recurrentShapes(gates, s), tape: [] },
        ...states(gates, ['dh', 'dc'], [s.T, s.B, s.u]),
      }),
      taken: { from: name, outputs: { tape: 0 } },
      optional: ['dh', 'dc'],
      attributes: () => ({ bf16 }),
      outputs: 6,
    },
  ]);
});

interface RimSizes {
  readonly [name: string]: number;
  readonly T: number;
  readonly B: number;
  readonly e: number;
  readonly n: number;
  readonly k: number;
  readonly m: number;
  readonly dk: number;
  readonly dv: number;
  readonly hi: number;
  readonly heads: number;
  readonly ck: number;
  readonly cv: number;
}
const rimSizes: RimSizes = { T: 3, B: 2, e: 8, n: 4, k: 2, m: 5, dk: 6, dv: 7, hi: 1, heads: 2, ck: 3, cv: 4 };

interface RimVariant {
  readonly isLstm: boolean;
  readonly isGated: boolean;
  readonly readsCandidate: boolean;
  readonly attendsToInput: boolean;
  readonly communicates: boolean;
  readonly drops: boolean;
  readonly bf16: boolean;
  /** Widths of the input elements after the first. */
  readonly more: readonly number[];
}
const usual: RimVariant = {
  ...{ isLstm: true, isGated: false, readsCandidate: false, attendsToInput: true, communicates: true },
  ...{ drops: false, bf16: false, more: [] },
};
const rimVariants: readonly RimVariant[] = [
  usual,
  { ...usual, isLstm: false, isGated: true, readsCandidate: true, more: [3, 1] },
  { ...usual, isGated: true, bf16: true, more: [3] },
  { ...usual, attendsToInput: false, more: [2] },
  { ...usual, communicates: false },
  { ...usual, isGated: true, drops: true, more: [3] },
];

const rimShapes = (
  { isLstm, isGated, attendsToInput, communicates, drops, more }: RimVariant,
  { T, B, e, n, m, dv, hi, heads, ...s }: RimSizes,
): Shapes => {
  const dk = attendsToInput ? s.dk : 0;
  const [ck, cv] = communicates ? [s.ck, s.cv] : [0, 0];
  const gates = (isLstm ? 4 : 3) * m;
  const width = more.reduce((a, b) => a + b, e);
  return {
    ...{ x: [T, B, width], keep: [T, B] },
    ...{ input_query: [n, m, hi * dk], input_key: [width, hi * dk], input_value: [width, hi * dv] },
    ...{ rnn_input: [n, hi * dv, gates], rnn_hidden: [n, m, gates], rnn_bias: [n, gates] },
    ...{ comm_query: [n, m, heads * ck], comm_key: [n, m, heads * ck], comm_value: [n, m, heads * cv] },
    ...{ comm_out: [heads * cv, m], comm_out_bias: [communicates ? m : 0], rnn_hidden_bias: [isLstm ? 0 : n, gates] },
    ...{ comm_gate: [isGated ? heads * cv : 0, m], comm_gate_bias: [isGated ? m : 0] },
    dropout: [drops ? 2 : 0],
  };
};
const rimAttributes = ({ more, ...variant }: RimVariant, { n, k, e, hi, heads }: RimSizes): Settings => ({
  ...{ modules: n, active_modules: variant.attendsToInput ? k : n, element_widths: [e, ...more] },
  ...{ input_heads: hi, comm_heads: variant.communicates ? heads : 0, is_lstm: variant.isLstm },
  ...{ attends_to_input: variant.attendsToInput, communicates: variant.communicates },
  ...{ reads_candidate: variant.readsCandidate, is_gated: variant.isGated },
  ...{ drops: variant.drops, bf16: variant.bf16 },
});
const rimOperations = rimVariants.flatMap((variant): Operation[] => {
  const cell = ({ n, m }: RimSizes): number => (variant.isLstm ? n * m : 0);
  const shared = { variant: JSON.stringify(variant), sizes: rimSizes, integers: ['dropout'] };
  return [
    {
      name: 'RimAgentsRim',
      ...shared,
      shapes: (s: RimSizes) => ({ ...rimShapes(variant, s), h0: [s.B, s.n * s.m], c0: [s.B, cell(s)] }),
      attributes: (s: RimSizes) => ({ ...rimAttributes(variant, s), is_recording: true }),
      outputs: 5,
    },
    {
      name: 'RimAgentsRimGradient',
      ...shared,
      shapes: (s: RimSizes) => ({
        ...rimShapes(variant, s),
        ...{ active: [], tape: [], dh: [s.T, s.B, s.n * s.m], dc: [s.T, s.B, cell(s)] },
      }),
      taken: { from: 'RimAgentsRim', outputs: { active: 2, tape: 4 } },
      optional: ['dh', 'dc'],
      attributes: (s: RimSizes) => rimAttributes(variant, s),
      outputs: 17,
    },
  ];
});

interface Count {
  readonly [name: string]: number;
  readonly N: number;
}
const convolutionShapes = ({ N }: Count): Shapes => ({
  ...{
    frames: [N, 84, 84, 4],
    w0: [8, 8, 4, 32],
    b0: [32],
    w1: [4, 4, 32, 64],
    b1: [64],
    w2: [3, 3, 64, 64],
    b2: [64],
  },
});

const convolutionOperations = [false, true].flatMap((bf16): Operation[] => {
  const shared = { variant: bf16 ? 'bf16' : 'float32', sizes: { N: 2 }, bytes: ['frames'] };
  return [
    {
      name: 'RimAgentsNatureCnn',
      ...shared,
      shapes: convolutionShapes,
      attributes: () => ({ bf16, is_recording: true }),
      outputs: 3,
      free: ['frames[0]'],
    },
    {
      name: 'RimAgentsNatureCnnGradient',
      ...shared,
      shapes: (s: Count) => ({ ...convolutionShapes(s), features: [], first: [], second: [], d_features: [s.N, 3136] }),
      taken: { from: 'RimAgentsNatureCnn', outputs: { features: 0, first: 1, second: 2 } },
      attributes: () => ({ bf16 }),
      outputs: 6,
    },
  ];
});

export const operations: readonly Operation[] = [
  ...rimOperations,
  ...recurrentOperations,
  ...convolutionOperations,
  {
    name: 'RimAgentsPpoLoss',
    sizes: { N: 5, A: 3 },
    shapes: ({ N, A }: { N: number; A: number }) => ({
      ...{ logits: [N, A], values: [N], actions: [N], old_log_probabilities: [N], old_values: [N] },
      ...{ advantages: [N], returns: [N], settings: [4] },
    }),
    integers: ['actions'],
    attributes: none,
    outputs: 4,
    free: ['logits[1]'],
  },
  ...linearOperations,
  {
    name: 'RimAgentsClipAdam',
    sizes: { P: 7 },
    shapes: ({ P }: { P: number }) => ({ parameters: [P], gradients: [P], m: [P], v: [P], settings: [8] }),
    attributes: none,
    outputs: 4,
  },
];

/** Calls an operation; inputs in order. @throws Error as TensorFlow gives it */
export function call({ name, outputs }: Operation, settings: Settings, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  return tensorFlow().executeMultipleOutputs(name, attributes(tensorFlow(), settings), inputs, outputs);
}

export function attributesOf(operation: Operation, sizes: Sizes = operation.sizes): Settings {
  return operation.attributes(sizes as never);
}

/** A tensor of random numbers of the type that the input has; integers are 0. */
export function draw(random: Random, shape: readonly number[], operation: Operation, input: string): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  if (operation.bytes?.includes(input))
    return uint8Tensor(
      Uint8Array.from({ length: size }, () => random.integer(256)),
      shape,
    );
  if (operation.integers?.includes(input)) return tf.zeros([...shape], 'int32');
  return tf.tensor(
    Float32Array.from({ length: size }, () => 0.3 * random.normal()),
    [...shape],
  );
}

/** Random inputs of the right shapes, by name; what another operation gives is made by it. */
export function makeInputs(operation: Operation, random: Random, sizes: Sizes = operation.sizes): Tensors {
  const shapes = operation.shapes(sizes as never);
  const made = Object.entries(shapes).map(([name, shape]) => [name, draw(random, shape, operation, name)]);
  const inputs = Object.fromEntries(made) as Record<string, tf.Tensor>;
  const source = operations.find(
    ({ name, variant }) => name === operation.taken?.from && variant === operation.variant,
  );
  if (!source || !operation.taken) return inputs;
  const given = { ...makeInputs(source, random, sizes), ...inputs };
  const names = Object.keys(source.shapes(sizes as never));
  const outputs = call(
    source,
    attributesOf(source, sizes),
    names.map((name) => given[name] as tf.Tensor),
  );
  for (const [name, index] of Object.entries(operation.taken.outputs)) inputs[name] = outputs[index] as tf.Tensor;
  return inputs;
}
