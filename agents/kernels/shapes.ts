import type * as tf from '@tensorflow/tfjs';
import type {
  ClipAdamInputs,
  GruParameters,
  LinearParameters,
  LstmParameters,
  NatureConvParameters,
  PpoLossInputs,
  PpoLossSettings,
  RimDropout,
  RimParameters,
  RimSpec,
} from './kernels.ts';

/**
 * Compares shapes with what an operation takes.
 * @param expected per tensor: its name, itself, and its sizes
 * @throws Error naming the operation, the tensor and both shapes
 */
function checkShapes(
  operation: string,
  expected: readonly (readonly [name: string, tensor: tf.Tensor | undefined, shape: readonly number[]])[],
): void {
  for (const [name, tensor, shape] of expected) {
    if (!tensor) throw new Error(`${operation}: ${name} is missing; it must have shape (${shape.join(', ')})`);
    const { shape: actual } = tensor;
    if (actual.length !== shape.length || actual.some((size, i) => size !== shape[i]))
      throw new Error(
        `${operation}: ${name} has shape (${actual.join(', ')}) where (${shape.join(', ')}) was expected`,
      );
  }
}

/** Sizes of a sequence. @throws Error if it is not (T, B, e) */
function sequenceSizes(operation: string, x: tf.Tensor3D, name = 'x'): { steps: number; batch: number; width: number } {
  if (x.rank !== 3)
    throw new Error(`${operation}: ${name} has shape (${x.shape.join(', ')}) where (steps, batch, width) was expected`);
  const [steps, batch, width] = x.shape;
  return { steps, batch, width };
}

/** Checks everything that {@link Kernels.rimSequence} takes. @throws Error that names the culprit */
export function checkRim(
  spec: RimSpec,
  parameters: RimParameters,
  x: readonly tf.Tensor3D[],
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  keep: tf.Tensor2D,
  dropout?: RimDropout,
): void {
  const { modules: n, units: m, active, inputHeads, inputKey, inputValue, commHeads, commKey, commValue } = spec;
  if (dropout && !(dropout.rate >= 0 && dropout.rate < 1))
    throw new Error(`rimSequence: dropout's rate is ${dropout.rate}; it must be at least 0 and below 1`);
  if (dropout && dropout.seed !== dropout.seed >>> 0)
    throw new Error(`rimSequence: dropout's seed is ${dropout.seed}; it must be an integer from 0 to ${2 ** 32 - 1}`);
  const [first] = x;
  if (!first) throw new Error('rimSequence: x has no elements; it must have at least one');
  const { steps, batch } = sequenceSizes('rimSequence', first);
  if (!Number.isInteger(active) || active < 1 || active > n)
    throw new Error(`rimSequence: ${active} active modules of ${n}; from 1 to all modules can be active`);
  if (!spec.inputAttention && active !== n)
    throw new Error(`rimSequence: ${active} active modules of ${n}; without input attention all must be active`);
  for (const [i, element] of x.entries()) {
    const { width } = sequenceSizes('rimSequence', element);
    checkShapes('rimSequence', [
      [`x[${i}]`, element, [steps, batch, width]],
      [`inputValue${i}`, parameters[`inputValue${i}`], [width, inputHeads * inputValue]],
    ]);
    if (spec.inputAttention)
      checkShapes('rimSequence', [[`inputKey${i}`, parameters[`inputKey${i}`], [width, inputHeads * inputKey]]]);
  }
  if (spec.inputAttention)
    checkShapes('rimSequence', [['inputQuery', parameters.inputQuery, [n, m, inputHeads * inputKey]]]);
  const gates = spec.rnn === 'lstm' ? 4 * m : 3 * m;
  checkShapes('rimSequence', [
    ['rnnInput', parameters.rnnInput, [n, inputHeads * inputValue, gates]],
    ['rnnHidden', parameters.rnnHidden, [n, m, gates]],
    ['rnnBias', parameters.rnnBias, [n, gates]],
    ['h0', h0, [batch, n * m]],
    ['c0', c0, [batch, spec.rnn === 'lstm' ? n * m : 0]],
    ['keep', keep, [steps, batch]],
  ]);
  if (spec.rnn === 'gru') checkShapes('rimSequence', [['rnnHiddenBias', parameters.rnnHiddenBias, [n, gates]]]);
  if (!spec.communication) return;
  checkShapes('rimSequence', [
    ['commQuery', parameters.commQuery, [n, m, commHeads * commKey]],
    ['commKey', parameters.commKey, [n, m, commHeads * commKey]],
    ['commValue', parameters.commValue, [n, m, commHeads * commValue]],
    ['commOut', parameters.commOut, [commHeads * commValue, m]],
    ['commOutBias', parameters.commOutBias, [m]],
  ]);
  if (spec.commGate)
    checkShapes('rimSequence', [
      ['commGate', parameters.commGate, [commHeads * commValue, m]],
      ['commGateBias', parameters.commGateBias, [m]],
    ]);
}

/** Checks everything that {@link Kernels.lstmSequence} takes. @throws Error that names the culprit */
export function checkLstm(
  { input, hidden, bias }: LstmParameters,
  x: tf.Tensor3D,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  keep: tf.Tensor2D,
): void {
  const { steps, batch, width } = sequenceSizes('lstmSequence', x);
  const [units = 0] = hidden.shape;
  checkShapes('lstmSequence', [
    ['input', input, [width, 4 * units]],
    ['hidden', hidden, [units, 4 * units]],
    ['bias', bias, [4 * units]],
    ['h0', h0, [batch, units]],
    ['c0', c0, [batch, units]],
    ['keep', keep, [steps, batch]],
  ]);
}

/** Checks everything that {@link Kernels.gruSequence} takes. @throws Error that names the culprit */
export function checkGru(
  { input, hidden, bias, hiddenBias }: GruParameters,
  x: tf.Tensor3D,
  h0: tf.Tensor2D,
  keep: tf.Tensor2D,
): void {
  const { steps, batch, width } = sequenceSizes('gruSequence', x);
  const [units = 0] = hidden.shape;
  checkShapes('gruSequence', [
    ['input', input, [width, 3 * units]],
    ['hidden', hidden, [units, 3 * units]],
    ['bias', bias, [3 * units]],
    ['hiddenBias', hiddenBias, [3 * units]],
    ['h0', h0, [batch, units]],
    ['keep', keep, [steps, batch]],
  ]);
}

/** Checks everything that {@link Kernels.denseRelu} takes. @throws Error that names the culprit */
export function checkDense(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): void {
  const [width = 0, units = 0] = weights.shape;
  checkShapes('denseRelu', [
    ['weights', weights, [width, units]],
    ['x', x, [x.shape[0], width]],
    ['bias', bias, [units]],
  ]);
}

/** Checks everything that {@link Kernels.heads} takes. @throws Error that names the culprit */
export function checkHeads(hidden: tf.Tensor3D, policy: LinearParameters, value: LinearParameters): void {
  const { width } = sequenceSizes('heads', hidden, 'hidden');
  const [, actions = 0] = policy.weights.shape;
  checkShapes('heads', [
    ['policy.weights', policy.weights, [width, actions]],
    ['policy.bias', policy.bias, [actions]],
    ['value.weights', value.weights, [width, 1]],
    ['value.bias', value.bias, [1]],
  ]);
}

/** Checks everything that {@link Kernels.natureConv} takes. @throws Error that names the culprit */
export function checkNatureConv(frames: tf.Tensor4D, parameters: NatureConvParameters): void {
  const [count = 0, , , channels = 0] = frames.shape;
  checkShapes('natureConv', [
    ['frames', frames, [count, 84, 84, channels]],
    ['w0', parameters.w0, [8, 8, channels, 32]],
    ['b0', parameters.b0, [32]],
    ['w1', parameters.w1, [4, 4, 32, 64]],
    ['b1', parameters.b1, [64]],
    ['w2', parameters.w2, [3, 3, 64, 64]],
    ['b2', parameters.b2, [64]],
  ]);
}

/** Checks everything that {@link Kernels.ppoLoss} takes. @throws Error that names the culprit */
export function checkPpoLoss(
  logits: tf.Tensor2D,
  values: tf.Tensor1D,
  inputs: PpoLossInputs,
  _settings: PpoLossSettings,
): void {
  const [count = 0, actions = 0] = logits.shape;
  checkShapes('ppoLoss', [
    ['logits', logits, [count, actions]],
    ['values', values, [count]],
    ['actions', inputs.actions, [count]],
    ['oldLogProbabilities', inputs.oldLogProbabilities, [count]],
    ['oldValues', inputs.oldValues, [count]],
    ['advantages', inputs.advantages, [count]],
    ['returns', inputs.returns, [count]],
  ]);
}

/** Checks everything that {@link Kernels.clipAdam} takes. @throws Error that names the culprit */
export function checkClipAdam({ parameters, gradients, m, v, step }: ClipAdamInputs): void {
  const shape = [parameters.size];
  checkShapes('clipAdam', [
    ['parameters', parameters, shape],
    ['gradients', gradients, shape],
    ['m', m, shape],
    ['v', v, shape],
  ]);
  if (!Number.isInteger(step) || step < 1) throw new Error(`clipAdam: step is ${step}; the first step is 1`);
}

/** Checks what {@link Kernels.split} takes. @throws Error that names both sizes */
export function checkSplit(flat: tf.Tensor1D, shapes: readonly (readonly number[])[]): void {
  const size = shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  checkShapes('split', [['flat', flat, [size]]]);
}
