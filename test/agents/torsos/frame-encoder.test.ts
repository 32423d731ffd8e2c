import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { Random } from '../../../agents/random.ts';
import { frameEncoder } from '../../../agents/torsos/frame-encoder.ts';
import { activate, convolved, drawnParameters, product, volume } from '../loops.ts';

before(() => loadTensorFlow({ threads: 2 }));

test('the encoder is three convolutions and a layer, as loops compute them', () => {
  const encoder = frameEncoder(20);
  const { tensors, values } = drawnParameters(encoder.parameters);
  const random = new Random(2);
  const cells = Float32Array.from({ length: 2 * 4096 }, () => random.integer(2));
  const features = tf.tidy(() => encoder.apply(tensors, tf.tensor(cells, [2, 16, 16, 16]))).dataSync();
  const parameter = (name: string): Float32Array => values[name] as Float32Array;
  for (const frame of [0, 1]) {
    const y0 = volume(16, 16);
    for (let cell = 0; cell < 256; cell++) {
      const own = Float64Array.from(cells.subarray(frame * 4096 + cell * 16, frame * 4096 + (cell + 1) * 16));
      y0.values.set(activate(product(own, parameter('w0'), parameter('b0'))), cell * 16);
    }
    const y1 = convolved(y0, parameter('w1'), parameter('b1'));
    const y2 = convolved(y1, parameter('w2'), parameter('b2'));
    assert.deepEqual([y2.size, y2.channels], [4, 64]);
    const expected = activate(product(y2.values, parameter('weights'), parameter('bias')));
    assert.equal(expected.length, encoder.outputSize);
    for (const [i, value] of expected.entries())
      assert.ok(Math.abs((features[frame * 20 + i] as number) - value) < 1e-4 * (1 + Math.abs(value)));
  }
  tf.dispose(tensors);
});
