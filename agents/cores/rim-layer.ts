import type * as tf from '@tensorflow/tfjs';
import { type Initializer, normal, orthogonal, perModule, uniform, zeros } from '../initializers.ts';
import type { RimDropout } from '../kernels/index.ts';
import type { ParameterSpec } from '../parameters.ts';
import { pieces } from '../pieces.ts';
import { UserError } from '../user-error.ts';
import type { RimOptions } from './options.ts';

// What the cores made of RIM layers share: a layer's parameters, and how its input is cut into elements.

/** Parameters of a layer whose input elements have the given widths; {@link RimParameters} says which they are. */
export function rimParameters(widths: readonly number[], options: RimOptions): ParameterSpec[] {
  const { modules: n, units: m, rnn, inputHeads, inputKey, inputValue, commHeads, commKey, commValue } = options;
  const gates = (rnn === 'lstm' ? 4 : 3) * m;
  const paper = options.initialisation === 'paper';
  const shared: Initializer = paper ? normal(0.01) : orthogonal(1);
  const grouped: Initializer = paper ? normal(0.01) : perModule(orthogonal(1));
  const recurrent: Initializer = paper ? uniform(1 / Math.sqrt(n * m)) : perModule(orthogonal(1));
  const recurrentBias = paper ? recurrent : zeros;
  const keys = (i: number): ParameterSpec => ({
    name: `inputKey${i}`,
    shape: [widths[i] as number, inputHeads * inputKey],
    initializer: shared,
  });
  const values = (i: number): ParameterSpec => ({
    name: `inputValue${i}`,
    shape: [widths[i] as number, inputHeads * inputValue],
    initializer: shared,
  });
  const heard = commHeads * commValue;
  return [
    ...(options.inputAttention
      ? [
          { name: 'inputQuery', shape: [n, m, inputHeads * inputKey], initializer: grouped },
          ...widths.flatMap((_, i) => [keys(i), values(i)]),
        ]
      : widths.map((_, i) => values(i))),
    { name: 'rnnInput', shape: [n, inputHeads * inputValue, gates], initializer: recurrent },
    { name: 'rnnHidden', shape: [n, m, gates], initializer: recurrent },
    { name: 'rnnBias', shape: [n, gates], initializer: recurrentBias },
    ...(rnn === 'gru' ? [{ name: 'rnnHiddenBias', shape: [n, gates], initializer: recurrentBias }] : []),
    ...(options.communication
      ? [
          { name: 'commQuery', shape: [n, m, commHeads * commKey], initializer: grouped },
          { name: 'commKey', shape: [n, m, commHeads * commKey], initializer: grouped },
          { name: 'commValue', shape: [n, m, heard], initializer: grouped },
          { name: 'commOut', shape: [heard, m], initializer: shared },
          { name: 'commOutBias', shape: [m], initializer: zeros },
        ]
      : []),
    ...(options.commGate
      ? [
          { name: 'commGate', shape: [heard, m], initializer: shared },
          { name: 'commGateBias', shape: [m], initializer: zeros },
        ]
      : []),
  ];
}

/**
 * Widths of the elements into which features are cut.
 * @throws UserError if they cannot be
 */
export function elementWidths(inputSize: number, { inputElements }: RimOptions): number[] {
  const width = inputSize / inputElements;
  if (Number.isInteger(width)) return Array<number>(inputElements).fill(width);
  throw new UserError(
    `${inputSize} features cannot be cut into ${inputElements} input elements of one width; ` +
      `take a number that divides ${inputSize}`,
  );
}

/** Cuts features (T, B, e) into elements (T, B, e / p), as {@link elementWidths} has them. */
export function elementsOf(x: tf.Tensor3D, { inputElements }: RimOptions): tf.Tensor3D[] {
  return pieces(x, inputElements, 2);
}

/** What is dropped: nothing without a seed. */
export function dropoutOf({ dropout: rate }: RimOptions, seed: number | undefined): RimDropout | undefined {
  return rate > 0 && seed !== undefined ? { rate, seed } : undefined;
}
