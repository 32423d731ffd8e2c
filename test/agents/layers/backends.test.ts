// The layers need nothing of TensorFlow's: they run, and are trained, on tfjs' backends in JavaScript and WebAssembly.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { makers, modelWith, sequences } from './examples.ts';

/** What the weights are after two steps, and what the model says then. */
async function trained(backend: string, make: (typeof makers)[string]): Promise<number[]> {
  assert.ok(await tf.setBackend(backend));
  const model = modelWith(make({ inputShape: [3, 4], seed: 2 }), 2, 'linear');
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
  await model.fit(sequences(4, 3), tf.ones([4, 2]), { epochs: 2, shuffle: false, verbose: 0 });
  const tensors = [...model.getWeights(), model.predict(sequences(4, 3, 2)) as tf.Tensor];
  return tensors.flatMap((tensor) => [...tensor.dataSync()]);
}

for (const [name, make] of Object.entries(makers))
  test(`${name}: training on WebAssembly equals training in plain JavaScript`, async () => {
    const [expected, found] = [await trained('cpu', make), await trained('wasm', make)];
    assert.equal(found.length, expected.length);
    for (const [i, value] of found.entries()) assert.ok(Math.abs(value - (expected[i] as number)) < 1e-5);
  });
