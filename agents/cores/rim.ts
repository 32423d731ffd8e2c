import type * as tf from '@tensorflow/tfjs';
import { type Initializer, normal, orthogonal, perModule, uniform, zeros } from '../initializers.ts';
import type { Kernels, RimParameters, RimSpec } from '../kernels/index.ts';
import type { ParameterSpec } from '../parameters.ts';
import type { Core } from './core.ts';

export interface RimOptions {
  /** n modules of m units, k of them active in each step. */
  readonly modules: number;
  readonly units: number;
  readonly active: number;
  readonly inputKey: number;
  readonly inputValue: number;
  readonly commHeads: number;
  readonly commKey: number;
  readonly commValue: number;
  /** `orthogonal`: each module's matrices, as the rest of a PPO network. `paper`: as the authors' code draws them. */
  readonly initialisation: 'orthogonal' | 'paper';
}

/**
 * Recurrent Independent Mechanisms (Goyal et al. 2019, arXiv 1909.10893): n LSTM modules compete for the input by
 * attention against a null input, the k winners step, and read from all modules.
 * Output: the states of all modules, (T, B, n m). States: h, c.
 */
export function rim(kernels: Kernels, inputSize: number, options: RimOptions): Core {
  const { modules, units, active } = options;
  const spec: RimSpec = {
    ...{ ...options, rnn: 'lstm', inputAttention: true, inputHeads: 1 },
    ...{ communication: true, readInactive: 'state', commGate: false },
  };
  const size = modules * units;
  return {
    outputSize: size,
    stateWidths: [size, size],
    modules: { count: modules, active },
    parameters: rimParameters(inputSize, options),
    sequence(parameters, x, states, keep) {
      const [h0, c0] = states as [tf.Tensor2D, tf.Tensor2D];
      const result = kernels.rimSequence(spec, parameters as unknown as RimParameters, [x], h0, c0, keep);
      return {
        output: result.h,
        states: [result.h, result.c],
        activation: { active: result.active, nullAttention: result.nullAttention },
      };
    },
  };
}

function rimParameters(inputSize: number, options: RimOptions): ParameterSpec[] {
  const { modules: n, units: m, inputKey, inputValue, commHeads, commKey, commValue } = options;
  const paper = options.initialisation === 'paper';
  const shared: Initializer = paper ? normal(0.01) : orthogonal(1);
  const grouped: Initializer = paper ? normal(0.01) : perModule(orthogonal(1));
  const recurrent: Initializer = paper ? uniform(1 / Math.sqrt(n * m)) : perModule(orthogonal(1));
  return [
    { name: 'inputQuery', shape: [n, m, inputKey], initializer: grouped },
    { name: 'inputKey0', shape: [inputSize, inputKey], initializer: shared },
    { name: 'inputValue0', shape: [inputSize, inputValue], initializer: shared },
    { name: 'rnnInput', shape: [n, inputValue, 4 * m], initializer: recurrent },
    { name: 'rnnHidden', shape: [n, m, 4 * m], initializer: recurrent },
    { name: 'rnnBias', shape: [n, 4 * m], initializer: paper ? recurrent : zeros },
    { name: 'commQuery', shape: [n, m, commHeads * commKey], initializer: grouped },
    { name: 'commKey', shape: [n, m, commHeads * commKey], initializer: grouped },
    { name: 'commValue', shape: [n, m, commHeads * commValue], initializer: grouped },
    { name: 'commOut', shape: [commHeads * commValue, m], initializer: shared },
    { name: 'commOutBias', shape: [m], initializer: zeros },
  ];
}
