import type * as tf from '@tensorflow/tfjs';
import { orthogonal, zeros } from '../initializers.ts';
import type { Kernels } from '../kernels/index.ts';
import type { Core } from './core.ts';

/**
 * Gated recurrent unit (Cho et al. 2014), gates in the order r, z, n, two biases, the reset gate applied after the
 * hidden product (as in PyTorch).
 * Weights orthogonal, biases zero. State: h.
 */
export function gru(kernels: Kernels, inputSize: number, units: number): Core {
  return {
    outputSize: units,
    stateWidths: [units],
    parameters: [
      { name: 'input', shape: [inputSize, 3 * units], initializer: orthogonal(1) },
      { name: 'hidden', shape: [units, 3 * units], initializer: orthogonal(1) },
      { name: 'bias', shape: [3 * units], initializer: zeros },
      { name: 'hiddenBias', shape: [3 * units], initializer: zeros },
    ],
    sequence(parameters, x, states, keep) {
      const [h0] = states as [tf.Tensor2D];
      const { input, hidden, bias, hiddenBias } = parameters as Record<'input' | 'hidden', tf.Tensor2D> &
        Record<'bias' | 'hiddenBias', tf.Tensor1D>;
      const { h } = kernels.gruSequence({ input, hidden, bias, hiddenBias }, x, h0, keep);
      return { output: h, states: [h] };
    },
  };
}
