// Bidirectional RIMs (Mittal et al. 2020) out of RIM layers.
import * as tf from '@tensorflow/tfjs';
import type { Kernels, RimParameters } from '../../agents/kernels/index.ts';
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

/**
 * One step of one layer after the other. A layer reads the state of the layer below after this step, or x, and that of
 * the layer above after the step before.
 */
function runBrim(kernels: Kernels, { layers }: BrimCase, tensors: Tensors): Tensors {
  const x = tf.unstack(tensors.x as tf.Tensor3D) as tf.Tensor2D[];
  const weights = layers.map((_, l) => layerParameters(tensors, l));
  let h = layers.map((_, l) => tensors[`${l}.h0`] as tf.Tensor2D);
  const c = layers.map((_, l) => (tensors[`${l}.c0`] ?? tf.zeros([h[l]?.shape[0] as number, 0])) as tf.Tensor2D);
  const history: { h: tf.Tensor2D[]; active: tf.Tensor2D[] }[] = [];
  for (const row of x) {
    const before = h;
    const active: tf.Tensor2D[] = [];
    h = [...h];
    for (const [l, spec] of layers.entries()) {
      const below = l === 0 ? row : (h[l - 1] as tf.Tensor2D);
      const elements = [below, ...before.slice(l + 1, l + 2)].map((one) => tf.expandDims<tf.Tensor3D>(one, 0));
      const keep: tf.Tensor2D = tf.ones([1, row.shape[0]]);
      const [h0, c0] = [h[l] as tf.Tensor2D, c[l] as tf.Tensor2D];
      const stepped = kernels.rimSequence(spec, weights[l] as RimParameters, elements, h0, c0, keep);
      h[l] = tf.squeeze(stepped.h, [0]);
      c[l] = tf.squeeze(stepped.c, [0]);
      active[l] = tf.squeeze(stepped.active, [0]);
    }
    history.push({ h, active });
  }
  const over = (pick: (step: (typeof history)[number]) => tf.Tensor2D[], l: number): tf.Tensor =>
    tf.stack(history.map((step) => pick(step)[l] as tf.Tensor2D));
  const states = layers.map((_, l) => over((step) => step.h, l));
  const active = layers.map((_, l) => [`${l}.active`, over((step) => step.active, l)]);
  return { lower: states[0], top: states.at(-1), ...Object.fromEntries(active) } as Tensors;
}

function layerParameters(tensors: Tensors, layer: number): RimParameters {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(`${layer}.`));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(2), tensor])) as unknown as RimParameters;
}
