import * as tf from '@tensorflow/tfjs';
import type { Kernels, RimParameters } from '../kernels/index.ts';
import type { Core } from './core.ts';
import type { RimOptions } from './options.ts';
import { dropoutOf, elementsOf, elementWidths, rimParameters } from './rim-layer.ts';

/**
 * Recurrent Independent Mechanisms (Goyal et al. 2019, arXiv 1909.10893): n modules compete for the input by attention
 * against a null input, the k winners step, and read from all modules.
 * Output: the states of all modules, (T, B, n m). States: h and, with LSTM dynamics, c.
 * @throws UserError if the features cannot be cut into the input elements
 */
export function rim(kernels: Kernels, inputSize: number, options: RimOptions): Core {
  const { modules, units, active, rnn } = options;
  const size = modules * units;
  return {
    outputSize: size,
    stateWidths: rnn === 'lstm' ? [size, size] : [size],
    modules: { count: modules, active },
    parameters: rimParameters(elementWidths(inputSize, options), options),
    sequence(parameters, x, states, keep, dropoutSeed) {
      const [h0, c0 = tf.zeros<tf.Rank.R2>([x.shape[1], 0])] = states as [tf.Tensor2D, tf.Tensor2D?];
      const own = parameters as unknown as RimParameters;
      const dropout = dropoutOf(options, dropoutSeed);
      const result = kernels.rimSequence(options, own, elementsOf(x, options), h0, c0, keep, dropout);
      return {
        output: result.h,
        states: rnn === 'lstm' ? [result.h, result.c] : [result.h],
        activation: { active: result.active, nullAttention: result.nullAttention },
      };
    },
  };
}
