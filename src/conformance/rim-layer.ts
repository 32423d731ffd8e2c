// A RIM layer with its tensors by name, and the loss of the references.
import * as tf from '@tensorflow/tfjs';
import type { Kernels, RimParameters, RimSpec } from '../../agents/kernels/index.ts';
import type { RimResult } from '../../agents/kernels/kernels.ts';
import { type Evaluated, evaluate, type Tensors } from './evaluation.ts';
import type { RimCase } from './rim-file.ts';

/** All tensors of a case: the parameters, and x, h0, c0, keep (ones where it has none), lossWeights. */
export function caseTensors({ params, inputs, config }: RimCase): Tensors {
  const named = Object.entries({ ...params, ...inputs }).map(([name, value]) => [name, tf.tensor(value as number[])]);
  const tensors = Object.fromEntries(named) as Tensors;
  const [steps, batch] = (tensors.x as tf.Tensor3D).shape;
  return {
    keep: tf.ones([steps, batch]),
    ...tensors,
    ...(config.rnn === 'gru' && { c0: tf.zeros([batch, 0]) }),
  };
}

/** What every sequence takes: T steps of a batch of B. */
export interface SequenceTensors {
  readonly x: tf.Tensor3D;
  readonly h0: tf.Tensor2D;
  readonly c0: tf.Tensor2D;
  readonly keep: tf.Tensor2D;
  readonly lossWeights: tf.Tensor3D;
}

/** Its loss is sum(h lossWeights), and with an LSTM half the squared norm of the last c. */
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

/** A RIM on x (x1, ... where there are more elements), h0, c0, keep and its parameters, all by name. */
export function runRim(kernels: Kernels, spec: RimSpec, tensors: Tensors): RimResult {
  const { h0, c0, keep } = tensors as Tensors & SequenceTensors;
  const elements = elementNames(tensors).map((name) => tensors[name] as tf.Tensor3D);
  return kernels.rimSequence(spec, tensors as unknown as RimParameters, elements, h0, c0, keep);
}

/** Names of the input elements, in their order: x, and x1, ... where there are more. */
export function elementNames(inputs: object): string[] {
  const more = Object.keys(inputs).filter((name) => /^x\d+$/.test(name));
  return ['x', ...more.sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))];
}
