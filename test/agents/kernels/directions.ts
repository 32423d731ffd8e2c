// Finite differences.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { Random } from '../../../agents/random.ts';
import { evaluate, randomTensor, type Tensors } from './cases.ts';

/**
 * Compares gradients with the change of the loss along a random direction, for every tensor but keep.
 * @param terms what the loss is the sum of; for the differences they are summed in float64
 * @param length about how far a tensor is moved either way
 */
export function checkDirections(tensors: Tensors, terms: (tensors: Tensors) => tf.Tensor, length = 0.03): void {
  const { keep, lossWeights, ...differentiated } = tensors;
  const fixed = { keep, lossWeights } as Tensors;
  const { grads } = evaluate(differentiated as Tensors, (given) => {
    return { outputs: {}, loss: tf.sum(terms({ ...given, ...fixed })) };
  });
  const random = new Random(7);
  for (const [name, tensor] of Object.entries(differentiated as Tensors)) {
    const direction = randomTensor(random, tensor.shape);
    const step = length / Math.sqrt(tensor.size);
    const at = (sign: number): number => {
      const moved = { ...tensors, [name]: tf.add(tensor, tf.mul(direction, sign * step)) };
      return (terms(moved).dataSync() as Float32Array).reduce((sum, term) => sum + term, 0);
    };
    const expected = (at(1) - at(-1)) / (2 * step);
    const actual = tf.sum(tf.mul(grads[name] as tf.Tensor, direction)).dataSync()[0] as number;
    const difference = Math.abs(actual - expected);
    assert.ok(difference < 0.01 * Math.abs(expected) + 0.01, `${name}: ${actual}, differences give ${expected}`);
  }
}
