import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import type { Kernels, RimParameters, RimSpec } from '../../../agents/kernels/index.ts';
import type {
  GruParameters,
  LstmParameters,
  NatureConvParameters,
  RimResult,
} from '../../../agents/kernels/kernels.ts';
import { Random } from '../../../agents/random.ts';

export type Nested = number | Nested[];
/** Tensors by name. */
export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** A RIM layer of test/oracle/rims.json: computed in float64 by another implementation. */
export interface OracleCase {
  readonly name: string;
  readonly config: RimSpec;
  readonly params: Readonly<Record<string, Nested>>;
  readonly inputs: Readonly<Record<string, Nested>>;
  readonly outputs: Readonly<Record<string, Nested>>;
  readonly grads: Readonly<Record<string, Nested>>;
}

/** Layers of RIMs that attend to [null, below, above], likewise. Lists have an entry per layer, the lowest first. */
export interface BrimOracle {
  readonly name: string;
  readonly layers: readonly RimSpec[];
  readonly params: readonly Readonly<Record<string, Nested>>[];
  /** x (T, B, e), lossWeights (T, B, top's n m); h0, c0: (B, n m) per layer. */
  readonly inputs: {
    readonly x: Nested;
    readonly lossWeights: Nested;
    readonly h0: readonly Nested[];
    readonly c0: readonly Nested[];
  };
  readonly outputs: { readonly lower: Nested; readonly top: Nested; readonly loss: number };
  readonly grads: {
    readonly params: readonly Readonly<Record<string, Nested>>[];
    readonly x: Nested;
    readonly h0: readonly Nested[];
  };
}

const oracle = JSON.parse(readFileSync(new URL('../../oracle/rims.json', import.meta.url), 'utf8')) as {
  rim: OracleCase[];
  brim: BrimOracle[];
};
export const oracleCases = oracle.rim;
export const brimOracles = oracle.brim;

/** All tensors of a RIM case: the parameters, and x, h0, c0, keep, lossWeights. */
export function oracleTensors({ params, inputs, config }: OracleCase): Tensors {
  const named = Object.entries({ ...params, ...inputs }).map(([name, value]) => [name, tf.tensor(value as number[])]);
  const tensors = Object.fromEntries(named) as Tensors;
  return config.rnn === 'gru' ? { ...tensors, c0: tf.zeros([tensors.h0?.shape[0] as number, 0]) } : tensors;
}

/** The authors' sizes with the given modules: the variant that has an operation of its own. */
export function rimSpec(modules: number, units: number, active: number, sizes: Partial<RimSpec> = {}): RimSpec {
  return {
    ...{ modules, units, active, rnn: 'lstm', inputHeads: 1, inputKey: 64, inputValue: 4 * units },
    ...{ commHeads: 4, commKey: 32, commValue: 32, readInactive: 'state', commGate: false },
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
    [`inputKey${i}`]: draw([width, inputHeads * inputKey], width),
    [`inputValue${i}`]: draw([width, inputHeads * inputValue], width),
  }));
  const sequence = sequenceTensors(random, steps, batch, width, n * m);
  return {
    ...(Object.assign({}, ...elements) as Tensors),
    inputQuery: draw([n, m, inputHeads * inputKey], m),
    rnnInput: draw([n, inputHeads * inputValue, gates], inputHeads * inputValue),
    rnnHidden: draw([n, m, gates], m),
    rnnBias: draw([n, gates]),
    ...(rnn === 'gru' && { rnnHiddenBias: draw([n, gates]) }),
    ...(spec.commGate && { commGate: draw([commHeads * commValue, m]), commGateBias: draw([m]) }),
    commQuery: draw([n, m, commHeads * commKey], m),
    commKey: draw([n, m, commHeads * commKey], m),
    commValue: draw([n, m, commHeads * commValue], m),
    commOut: draw([commHeads * commValue, m], commHeads * commValue),
    commOutBias: draw([m]),
    ...sequence,
    ...(rnn === 'gru' && { c0: tf.zeros([batch, 0]) }),
    ...Object.fromEntries(more.map((width, i) => [`x${i + 1}`, draw([steps, batch, width])])),
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

export interface Evaluated {
  readonly loss: tf.Scalar;
  readonly outputs: Tensors;
  /** Of the loss, with respect to each tensor. */
  readonly grads: Tensors;
}

/**
 * Runs an operation and its gradient.
 * @param tensors what it takes; the gradient is with respect to each of them
 * @param run makes the outputs, and the loss of them
 */
export function evaluate(
  tensors: Tensors,
  run: (tensors: Tensors) => { outputs: Tensors; loss: tf.Tensor },
): Evaluated {
  const names = Object.keys(tensors);
  return tf.tidy(() => {
    const outputs: Record<string, tf.Tensor> = {};
    const { value, grads } = tf.valueAndGrads((...differentiated) => {
      const result = run(Object.fromEntries(names.map((name, i) => [name, differentiated[i] as tf.Tensor])));
      for (const [name, tensor] of Object.entries(result.outputs)) outputs[name] = tf.keep(tensor.clone());
      return result.loss as tf.Scalar;
    })(Object.values(tensors));
    return { loss: value, outputs, grads: Object.fromEntries(names.map((name, i) => [name, grads[i] as tf.Tensor])) };
  });
}

/** A RIM case with the oracle's loss: sum(h lossWeights), and with an LSTM half the squared norm of the last c. */
export function evaluateRim(kernels: Kernels, spec: RimSpec, tensors: Tensors): Evaluated {
  const { keep, lossWeights, c0, ...others } = tensors as Tensors & SequenceTensors;
  const hasC = spec.rnn === 'lstm';
  return evaluate(hasC ? { ...others, c0 } : others, (given) => {
    const result = runRim(kernels, spec, { c0, ...given, keep });
    const weighted = tf.sum(tf.mul(result.h, lossWeights));
    const lastC = tf.gather(result.c, result.c.shape[0] - 1);
    return { outputs: { ...result }, loss: hasC ? tf.add(weighted, tf.div(tf.sum(tf.square(lastC)), 2)) : weighted };
  });
}

interface SequenceTensors {
  readonly x: tf.Tensor3D;
  readonly h0: tf.Tensor2D;
  readonly c0: tf.Tensor2D;
  readonly keep: tf.Tensor2D;
  readonly lossWeights: tf.Tensor3D;
}

/** A RIM on x (x1, ... where there are more elements), h0, c0, keep and its parameters, all by name. */
export function runRim(kernels: Kernels, spec: RimSpec, tensors: Tensors): RimResult {
  const { x, h0, c0, keep } = tensors as Tensors & SequenceTensors;
  const more = Object.keys(tensors).filter((name) => /^x\d+$/.test(name));
  const elements = [x, ...more.sort().map((name) => tensors[name] as tf.Tensor3D)];
  return kernels.rimSequence(spec, tensors as unknown as RimParameters, elements, h0, c0, keep);
}

/** An LSTM on tensors by name, as {@link runRim}. */
export function runLstm(kernels: Kernels, tensors: Tensors): { h: tf.Tensor3D; c: tf.Tensor3D } {
  const { x, h0, c0, keep, input, hidden, bias } = tensors as Tensors & LstmParameters & SequenceTensors;
  return kernels.lstmSequence({ input, hidden, bias }, x, h0, c0, keep);
}

/** A GRU on tensors by name, as {@link runRim}. */
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

/**
 * Fails unless the largest difference between two tensors is at most `tolerance` times the largest magnitude in the
 * expected one: relative to the tensor, not to each element, because a sum that cancels to almost nothing has the
 * rounding error of its terms. A tensor that is nearly zero throughout is held to `tolerance` times 1e-3.
 */
export function assertClose(name: string, actual: tf.Tensor, expected: Nested | tf.Tensor, tolerance = 1e-4): void {
  const values = expected instanceof tf.Tensor ? expected.dataSync() : flat(expected);
  const own = actual.dataSync();
  assert.equal(own.length, values.length, `${name}: number of values`);
  let scale = 1e-3;
  let worst = 0;
  own.forEach((value, i) => {
    scale = Math.max(scale, Math.abs(values[i] as number));
    worst = Math.max(worst, Math.abs(value - (values[i] as number)));
  });
  assert.ok(worst <= tolerance * scale, `${name}: off by ${worst} where the largest value is ${scale}`);
}

/** Compares by name, and that both have the same names. */
export function assertAllClose(actual: Tensors, expected: Tensors, tolerance?: number): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [name, tensor] of Object.entries(expected))
    assertClose(name, actual[name] as tf.Tensor, tensor, tolerance);
}

function flat(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flat);
}
