import * as tf from '@tensorflow/tfjs';
import { brim, ff, gru, lstm, rim } from '../../../agents/layers/index.ts';
import type { RimLayerOptions, SequenceOptions } from '../../../agents/layers/options.ts';
import { Random } from '../../../agents/random.ts';

const sizes = { modules: 3, units: 5, active: 2, inputKey: 4, inputValue: 6, commHeads: 2, commKey: 3, commValue: 4 };
const upper = { ...sizes, modules: 2, active: 1, inputElements: 3 };

const variants: Readonly<Record<string, RimLayerOptions>> = {
  rim: sizes,
  'rim, GRU, gated, candidate, two elements and heads': {
    ...sizes,
    ...{ rnn: 'gru', commGate: true, readInactive: 'candidate', inputElements: 2, inputHeads: 2 },
  },
  'rim, no communication': { ...sizes, communication: false },
  'rim, no input attention': { ...sizes, active: 3, inputAttention: false, initialisation: 'paper' },
};

/** A layer of each kind; the input is 4 wide. */
export const makers: Readonly<Record<string, (options?: SequenceOptions) => tf.layers.Layer>> = {
  ...Object.fromEntries(
    Object.entries(variants).map(([name, variant]) => [name, (options) => rim({ ...variant, ...options })]),
  ),
  brim: (options) => brim({ layers: [sizes, upper], ...options }),
  lstm: (options) => lstm({ units: 6, ...options }),
  gru: (options) => gru({ units: 6, ...options }),
  ff,
};

/** Sequences (B, T, 4) of normal numbers. */
export function sequences(batch: number, steps: number, seed = 1): tf.Tensor3D {
  const random = new Random(seed);
  return tf.tensor3d(
    Float32Array.from({ length: batch * steps * 4 }, () => random.normal()),
    [batch, steps, 4],
  );
}

/** The layer under a linear one, whose first weights are the same in every run. */
export function modelWith(layer: tf.layers.Layer, outputs: number, activation: 'linear' | 'softmax'): tf.Sequential {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  return tf.sequential({ layers: [layer, tf.layers.dense({ units: outputs, activation, kernelInitializer })] });
}

/** Largest difference between two tensors of the same shape. */
export function distance(a: tf.Tensor, b: tf.Tensor): number {
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number);
}
