import type * as tf from '@tensorflow/tfjs';
import { orthogonal, zeros } from '../initializers.ts';
import type { Kernels } from '../kernels/index.ts';
import type { Core } from './core.ts';

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997) with a forget gate, gates in the order i, f, g, o and one
 * bias.
 * Weights orthogonal, bias zero, as in CleanRL's ppo_atari_lstm. States: h, c.
 */
export function lstm(kernels: Kernels, inputSize: number, units: number): Core {
  return {
    outputSize: units,
    stateWidths: [units, units],
    parameters: [
      { name: 'input', shape: [inputSize, 4 * units], initializer: orthogonal(1) },
      { name: 'hidden', shape: [units, 4 * units], initializer: orthogonal(1) },
      { name: 'bias', shape: [4 * units], initializer: zeros },
    ],
    sequence(parameters, x, states, keep) {
      const [h0, c0] = states as [tf.Tensor2D, tf.Tensor2D];
      const { input, hidden, bias } = parameters as Record<'input' | 'hidden', tf.Tensor2D> & { bias: tf.Tensor1D };
      const { h, c } = kernels.lstmSequence({ input, hidden, bias }, x, h0, c0, keep);
      return { output: h, states: [h, c] };
    },
  };
}
