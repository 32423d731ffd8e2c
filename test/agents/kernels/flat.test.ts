import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { attributes, loadTensorFlow, tensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, selectKernels } from '../../../agents/kernels/index.ts';

// Sizes after which the next part begins in the middle of a cache line, and ones after which it does not.
const shapes = [[2, 3, 8], [16], [3], [], [1, 1], [7, 9], [64, 32]];
const size = shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
const numbers = Float32Array.from({ length: size }, (_, i) => i);

before(() => loadTensorFlow({ threads: 2 }));

for (const choice of ['portable', 'native'] as const) {
  describe(`${choice} split and join`, () => {
    let kernels: Kernels;
    before(() => (kernels = selectKernels(choice)));

    test('parts have their shapes and outlive the vector; joined they are it again', () => {
      const before = tf.memory().numTensors;
      const flat = tf.tensor1d(numbers);
      const parts = kernels.split(flat, shapes);
      flat.dispose();
      let begin = 0;
      for (const [i, part] of parts.entries()) {
        assert.deepEqual(part.shape, shapes[i]);
        assert.deepEqual(part.dataSync(), numbers.subarray(begin, (begin += part.size)));
      }
      const joined = kernels.join(parts);
      assert.deepEqual(joined.shape, [size]);
      assert.deepEqual(joined.dataSync(), numbers);
      // TensorFlow's own operations want their inputs aligned.
      for (const part of parts)
        assert.deepEqual(
          tf.tidy(() => tf.add(part, 1).dataSync()[0]),
          part.dataSync()[0]! + 1,
        );
      tf.dispose([...parts, joined]);
      assert.equal(tf.memory().numTensors, before);
    });

    test('shapes that do not fill the vector are an error that says both sizes', () => {
      const flat = tf.tensor1d(numbers);
      assert.throws(() => kernels.split(flat, shapes.slice(1)), /flat has shape \(2180\) where \(2132\) was expected/);
      flat.dispose();
    });
  });
}

test('the operation itself names what does not fit', () => {
  const tensorflow = tensorFlow();
  const flat = tf.tensor1d(numbers);
  const split = (n: number, ranks: number[], sizes: number[]): unknown =>
    tensorflow.executeMultipleOutputs('RimAgentsSplit', attributes(tensorflow, { n, ranks, sizes }), [flat], n);
  assert.throws(() => split(2, [1, 1], [5, 6]), /RimAgentsSplit: flat has shape \[2180\] where \[11\] was expected/);
  const contradictions: [number, number[], number[]][] = [
    [2, [1], [size]],
    [1, [2], [size]],
    [1, [1], [size, 1]],
    [1, [-1], [size]],
    [1, [1], [-size]],
    [1, [2], [2 ** 30, 2 ** 30]],
  ];
  for (const [n, ranks, sizes] of contradictions)
    assert.throws(() => split(n, ranks, sizes), /ranks and sizes do not say n shapes|negative|was expected/);
  flat.dispose();
});
