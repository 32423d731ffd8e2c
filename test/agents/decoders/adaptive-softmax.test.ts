import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { AdaptiveSoftmax, type AdaptiveSoftmaxOptions } from '../../../agents/decoders/adaptive-softmax.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import type { Parameters } from '../../../agents/parameters.ts';

type Tensors = Record<string, { shape: number[]; values: number[] }>;
interface Case {
  options: AdaptiveSoftmaxOptions;
  parameters: Tensors;
  x: number[];
  targets: number[];
  weights: number[];
  output: number[];
  logProbabilities: number[];
  gradients: Tensors;
  xGradient: number[];
  tied: { words: number[]; vectors: number[]; output: number[]; gradients: Tensors };
}

const { cases } = JSON.parse(readFileSync(new URL('../../oracle/adaptive-softmax.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

before(() => loadTensorFlow());

function near(found: ArrayLike<number>, expected: readonly number[], what: string): void {
  assert.equal(found.length, expected.length, what);
  for (const [i, value] of expected.entries())
    assert.ok(
      Math.abs((found[i] as number) - value) < 1e-5 * Math.max(1, Math.abs(value)),
      `${what} ${i}: ${found[i]}`,
    );
}

function tensorsOf(recorded: Tensors): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(recorded).map(([name, { shape, values }]) => [name, tf.tensor(values, shape)]),
  );
}

/** Gradients of the weighted sum of losses, with respect to the parameters, by name, and to what else is given. */
function gradientsOf(
  { parameters, weights }: Case,
  losses: (parameters: Parameters, x: tf.Tensor2D) => tf.Tensor1D,
  x: tf.Tensor2D[] = [],
): [name: string, gradient: Float32Array][] {
  const names = Object.keys(parameters);
  const weighted = (...tensors: tf.Tensor[]): tf.Scalar => {
    const own = Object.fromEntries(names.map((name, i) => [name, tensors[i] as tf.Tensor]));
    return tf.sum(tf.mul(losses(own, tensors[names.length] as tf.Tensor2D), tf.tensor1d(weights)));
  };
  const found = tf.grads(weighted)([...Object.values(tensorsOf(parameters)), ...x]);
  return found.map((gradient, i) => [names[i] ?? 'x', gradient.dataSync() as Float32Array]);
}

for (const one of cases) {
  const { options, targets } = one;
  describe(`${options.words} words, cutoffs ${options.cutoffs.join(', ')}, as PyTorch has it`, () => {
    const softmax = new AdaptiveSoftmax(options);

    test('shapes, losses and all log-probabilities', () => {
      for (const { name, shape } of softmax.parameters) assert.deepEqual(shape, one.parameters[name]?.shape, name);
      assert.deepEqual(softmax.parameters.map(({ name }) => name).sort(), Object.keys(one.parameters).sort());
      tf.tidy(() => {
        const parameters = tensorsOf(one.parameters);
        const x = tf.tensor2d(one.x, [targets.length, options.width]);
        near(tf.neg(softmax.losses(parameters, x, targets)).dataSync(), one.output, 'log-probability');
        near(softmax.logProbabilities(parameters, x).dataSync(), one.logProbabilities, 'log-probability');
      });
    });

    test('gradients of every parameter and of the input', () => {
      tf.tidy(() => {
        const x = tf.tensor2d(one.x, [targets.length, options.width]);
        const found = gradientsOf(one, (parameters, input) => softmax.losses(parameters, input, targets), [x]);
        const expected: Tensors = { ...one.gradients, x: { shape: x.shape, values: one.xGradient } };
        for (const [name, gradient] of found) near(gradient, expected[name]?.values ?? [], name);
      });
    });

    test('the same tables as embeddings: vectors, and gradients of both uses together', () => {
      const { words, vectors, output, gradients } = one.tied;
      tf.tidy(() => {
        const parameters = tensorsOf(one.parameters);
        const embedded = softmax.embed(parameters, words);
        near(embedded.dataSync(), vectors, 'vector');
        near(tf.neg(softmax.losses(parameters, tf.tanh(embedded), targets)).dataSync(), output, 'log-probability');
        const found = gradientsOf(one, (own) => softmax.losses(own, tf.tanh(softmax.embed(own, words)), targets));
        for (const [name, gradient] of found) near(gradient, gradients[name]?.values ?? [], name);
      });
    });
  });
}

test('without cutoffs it is a plain softmax over one table', () => {
  const softmax = new AdaptiveSoftmax({ words: 5, width: 3, cutoffs: [], divisor: 4 });
  assert.deepEqual(
    softmax.parameters.map(({ name }) => name),
    ['words0'],
  );
  tf.tidy(() => {
    const table = tf.tensor2d([1, 0, 2, -1, 0.5, 0, 0, 0, 1, 2, 2, 2, -1, -1, 0], [5, 3]);
    const x = tf.tensor2d([0.5, -1, 0.25, 1, 1, 1], [2, 3]);
    const logProbabilities = tf.logSoftmax(tf.matMul(x, table, false, true)).arraySync() as number[][];
    const losses = softmax.losses({ words0: table }, x, [3, 0]).dataSync();
    near(losses, [-(logProbabilities[0]?.[3] ?? 0), -(logProbabilities[1]?.[0] ?? 0)], 'loss');
    near(softmax.logProbabilities({ words0: table }, x).dataSync(), logProbabilities.flat(), 'log-probability');
    near(softmax.embed({ words0: table }, [3, 1]).dataSync(), [2, 2, 2, -1, 0.5, 0], 'vector');
  });
});

test('the probabilities of all words sum to 1', () => {
  const [one] = cases as [Case];
  tf.tidy(() => {
    const x = tf.tensor2d(one.x, [one.targets.length, one.options.width]);
    const all = new AdaptiveSoftmax(one.options).logProbabilities(tensorsOf(one.parameters), x);
    near(tf.sum(tf.exp(all), 1).dataSync(), Array<number>(one.targets.length).fill(1), 'sum');
  });
});

test('cutoffs that do not rise, clusters without width, and words beyond the vocabulary are refused', () => {
  const make = (changed: Partial<AdaptiveSoftmaxOptions>): AdaptiveSoftmax =>
    new AdaptiveSoftmax({ words: 20, width: 8, cutoffs: [5, 10], divisor: 2, ...changed });
  for (const cutoffs of [[10, 5], [0, 5], [5, 20], [5, 5], [2.5]])
    assert.throws(() => make({ cutoffs }), {
      name: 'UserError',
      message: /must be whole numbers that rise, from 1 to 19/,
    });
  assert.throws(() => make({ width: 3 }), { name: 'UserError', message: /width 3 \/ 2\^2 < 1; take fewer cutoffs/ });
  assert.throws(() => make({}).embed({}, [20]), /word 20 of a vocabulary of 20/);
});
