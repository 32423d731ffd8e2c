import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import type { Kernels, RimSpec } from '../../../agents/kernels/index.ts';
import type {
  GruParameters,
  LstmParameters,
  NatureConvParameters,
  RimDropout,
} from '../../../agents/kernels/kernels.ts';
import { Random } from '../../../agents/random.ts';
import { closeness, flat } from '../../../src/conformance/closeness.ts';
import type { Tensors } from '../../../src/conformance/evaluation.ts';
import { type Nested, readRimFile } from '../../../src/conformance/rim-file.ts';
import type { SequenceTensors } from '../../../src/conformance/rim-layer.ts';

export { type Evaluated, evaluate, type Tensors } from '../../../src/conformance/evaluation.ts';
export type { Nested } from '../../../src/conformance/rim-file.ts';
export { caseTensors as oracleTensors, evaluateRim, runRim } from '../../../src/conformance/rim-layer.ts';

const oracles = ['rims.json', 'rim-variants.json'].map((name) =>
  readRimFile(fileURLToPath(new URL(`../../oracle/${name}`, import.meta.url))),
);
export const oracleCases = oracles.flatMap(({ rim }) => rim);
export const brimOracles = oracles.flatMap(({ brim }) => brim);

/** The authors' sizes with the given modules: the variant that has an operation of its own. */
export function rimSpec(modules: number, units: number, active: number, sizes: Partial<RimSpec> = {}): RimSpec {
  return {
    ...{ modules, units, active, rnn: 'lstm', inputHeads: 1, inputKey: 64, inputValue: 4 * units },
    ...{ commHeads: 4, commKey: 32, commValue: 32, readInactive: 'state', commGate: false },
    ...{ inputAttention: true, communication: true },
    ...sizes,
  };
}

/**
 * Random tensors of a RIM case; states are reset in the middle of each sequence.
 * @param widths of the input elements; a second one is called x1, and so on
 */
export function rimTensors(spec: RimSpec, steps: number, batch: number, ...widths: number[]): Tensors {
  const { modules: n, units: m, rnn, inputHeads, inputKey, inputValue, commHeads, commKey, commValue } = spec;
  const random = new Random(17);
  const draw = (shape: number[], inputs = 1): tf.Tensor => randomTensor(random, shape, 1 / Math.sqrt(inputs));
  const gates = rnn === 'lstm' ? 4 * m : 3 * m;
  const [width = 1, ...more] = widths;
  const elements = widths.map((width, i) => ({
    ...(spec.inputAttention && { [`inputKey${i}`]: draw([width, inputHeads * inputKey], width) }),
    [`inputValue${i}`]: draw([width, inputHeads * inputValue], width),
  }));
  const sequence = sequenceTensors(random, steps, batch, width, n * m);
  return {
    ...(Object.assign({}, ...elements) as Tensors),
    ...(spec.inputAttention && { inputQuery: draw([n, m, inputHeads * inputKey], m) }),
    rnnInput: draw([n, inputHeads * inputValue, gates], inputHeads * inputValue),
    rnnHidden: draw([n, m, gates], m),
    rnnBias: draw([n, gates]),
    ...(rnn === 'gru' && { rnnHiddenBias: draw([n, gates]) }),
    ...(spec.communication && spec.commGate && { commGate: draw([commHeads * commValue, m]), commGateBias: draw([m]) }),
    ...(spec.communication && {
      commQuery: draw([n, m, commHeads * commKey], m),
      commKey: draw([n, m, commHeads * commKey], m),
      commValue: draw([n, m, commHeads * commValue], m),
      commOut: draw([commHeads * commValue, m], commHeads * commValue),
      commOutBias: draw([m]),
    }),
    ...sequence,
    ...(rnn === 'gru' && { c0: tf.zeros([batch, 0]) }),
    ...Object.fromEntries(more.map((width, i) => [`x${i + 1}`, draw([steps, batch, width])])),
  };
}

/** The kernels, dropping in every RIM. */
export function withDropout(kernels: Kernels, dropout: RimDropout): Kernels {
  return {
    ...kernels,
    rimSequence: (spec, parameters, x, h0, c0, keep) => kernels.rimSequence(spec, parameters, x, h0, c0, keep, dropout),
  };
}

/** x, h0, c0, keep and lossWeights of a sequence with a reset in the middle and one before the first step. */
export function sequenceTensors(random: Random, steps: number, batch: number, width: number, state: number): Tensors {
  const keep = new Float32Array(steps * batch).fill(1);
  for (let b = 0; b < batch; b++) keep[Math.floor(((b + 1) * steps) / (batch + 2)) * batch + b] = 0;
  return {
    x: randomTensor(random, [steps, batch, width]),
    h0: randomTensor(random, [batch, state], 0.5),
    c0: randomTensor(random, [batch, state], 0.5),
    keep: tf.tensor2d(keep, [steps, batch]),
    lossWeights: randomTensor(random, [steps, batch, state]),
  };
}

/** Random tensors of an LSTM (4 gates) or GRU (3), by the names that {@link runLstm} and {@link runGru} take. */
export function recurrentTensors(gates: 3 | 4, units: number, width: number, steps: number, batch: number): Tensors {
  const random = new Random(11);
  return {
    input: randomTensor(random, [width, gates * units], 1 / Math.sqrt(width)),
    hidden: randomTensor(random, [units, gates * units], 1 / Math.sqrt(units)),
    bias: randomTensor(random, [gates * units]),
    ...(gates === 3 && { hiddenBias: randomTensor(random, [gates * units]) }),
    ...sequenceTensors(random, steps, batch, width, units),
  };
}

export function randomTensor(random: Random, shape: number[], deviation = 1): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => deviation * random.normal()),
    shape,
  );
}

/** An LSTM on tensors by name, as runRim. */
export function runLstm(kernels: Kernels, tensors: Tensors): { h: tf.Tensor3D; c: tf.Tensor3D } {
  const { x, h0, c0, keep, input, hidden, bias } = tensors as Tensors & LstmParameters & SequenceTensors;
  return kernels.lstmSequence({ input, hidden, bias }, x, h0, c0, keep);
}

/** A GRU on tensors by name, as runRim. */
export function runGru(kernels: Kernels, tensors: Tensors): { h: tf.Tensor3D } {
  const { x, h0, keep, input, hidden, bias, hiddenBias } = tensors as Tensors & GruParameters & SequenceTensors;
  return kernels.gruSequence({ input, hidden, bias, hiddenBias }, x, h0, keep);
}

/** The policy's and the critic's linear layers on tensors by name. */
export function runHeads(kernels: Kernels, tensors: Tensors): { logits: tf.Tensor2D; values: tf.Tensor1D } {
  const { hidden, policyWeights, policyBias, valueWeights, valueBias } = tensors as Tensors & {
    readonly hidden: tf.Tensor3D;
    readonly policyWeights: tf.Tensor2D;
    readonly policyBias: tf.Tensor1D;
    readonly valueWeights: tf.Tensor2D;
    readonly valueBias: tf.Tensor1D;
  };
  const [policy, value] = [
    { weights: policyWeights, bias: policyBias },
    { weights: valueWeights, bias: valueBias },
  ];
  return kernels.heads(hidden, policy, value);
}

/** Random tensors of {@link runHeads}. */
export function headsTensors(random: Random, steps: number, batch: number, width: number, actions: number): Tensors {
  return {
    hidden: randomTensor(random, [steps, batch, width]),
    policyWeights: randomTensor(random, [width, actions], 1 / Math.sqrt(width)),
    policyBias: randomTensor(random, [actions]),
    valueWeights: randomTensor(random, [width, 1], 1 / Math.sqrt(width)),
    valueBias: randomTensor(random, [1]),
  };
}

/** NatureCNN's convolutions with weights by name. */
export function runNatureConv(kernels: Kernels, frames: tf.Tensor, weights: Tensors): tf.Tensor2D {
  return kernels.natureConv(frames as tf.Tensor4D, weights as Tensors & NatureConvParameters);
}

/** Fails unless the tensor is as near to the expected one as {@link closeness} demands. */
export function assertClose(name: string, actual: tf.Tensor, expected: Nested | tf.Tensor, tolerance = 1e-4): void {
  const values = expected instanceof tf.Tensor ? expected.dataSync() : flat(expected);
  const { difference } = closeness(name, actual, values, tolerance);
  if (difference !== undefined) assert.fail(difference);
}

/** Compares by name, and that both have the same names. */
export function assertAllClose(actual: Tensors, expected: Tensors, tolerance?: number): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [name, tensor] of Object.entries(expected))
    assertClose(name, actual[name] as tf.Tensor, tensor, tolerance);
}
