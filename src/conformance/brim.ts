// Bidirectional RIMs (Mittal et al. 2020): the core that is trained, with its tensors by name.
import * as tf from '@tensorflow/tfjs';
import { brim as brimCore } from '../../agents/cores/brim.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import { type Evaluated, evaluate, type Tensors } from './evaluation.ts';
import type { BrimCase } from './rim-file.ts';

/**
 * Outputs `top`, `lower` and per layer l `l.active`; gradients with respect to x, and to the states and parameters of
 * layer l as `l.h0`, `l.c0`, `l.rnnInput`, ... The loss is sum(top lossWeights).
 */
export function evaluateBrim(kernels: Kernels, brim: BrimCase): Evaluated {
  const lossWeights = tf.tensor(brim.inputs.lossWeights as number[]);
  return evaluate(brimTensors(brim), (tensors) => {
    const outputs = runBrim(kernels, brim, tensors);
    return { outputs, loss: tf.sum(tf.mul(outputs.top as tf.Tensor, lossWeights)) };
  });
}

function brimTensors({ layers, params, inputs }: BrimCase): Tensors {
  const own = layers.flatMap(({ rnn }, l) => {
    const c0 = rnn === 'lstm' ? { c0: inputs.c0?.[l] } : {};
    return Object.entries({ ...params[l], h0: inputs.h0[l], ...c0 }).map(([name, value]) => [
      `${l}.${name}`,
      tf.tensor(value as number[]),
    ]);
  });
  return { x: tf.tensor(inputs.x as number[]), ...(Object.fromEntries(own) as Tensors) };
}

function runBrim(kernels: Kernels, { layers, inputs }: BrimCase, tensors: Tensors): Tensors {
  const x = tensors.x as tf.Tensor3D;
  const [steps, batch, width] = x.shape;
  const core = brimCore(
    kernels,
    width,
    layers.map((spec) => ({ ...spec, inputElements: 1, dropout: 0, initialisation: 'paper' })),
  );
  const states = layers.flatMap(({ rnn }, l) => [tensors[`${l}.h0`], ...(rnn === 'lstm' ? [tensors[`${l}.c0`]] : [])]);
  const keep = inputs.keep ? tf.tensor2d(inputs.keep as number[][]) : tf.ones<tf.Rank.R2>([steps, batch]);
  const result = core.sequence(tensors, x, states as tf.Tensor2D[], keep);
  const active = tf.split(
    result.activation?.active as tf.Tensor3D,
    layers.map(({ modules }) => modules),
    2,
  );
  return {
    lower: result.states[0] as tf.Tensor3D,
    top: result.output,
    ...Object.fromEntries(active.map((one, l) => [`${l}.active`, one])),
  };
}
