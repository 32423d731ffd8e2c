import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { frameDecoder } from '../../../agents/decoders/frame-decoder.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { Random } from '../../../agents/random.ts';
import { activate, convolvedBack, drawnParameters, product } from '../loops.ts';

before(() => loadTensorFlow({ threads: 2 }));

test('the decoder is a layer, two transposed convolutions and one more of stride 4, as loops compute them', () => {
  const decoder = frameDecoder(12);
  const { tensors, values } = drawnParameters(decoder.parameters);
  const random = new Random(3);
  const features = Float32Array.from({ length: 12 }, () => random.normal());
  const logits = tf.tidy(() => decoder.apply(tensors, tf.tensor2d(features, [1, 12])));
  assert.deepEqual(logits.shape, [1, 16, 16, 16]);
  const parameter = (name: string): Float32Array => values[name] as Float32Array;
  const first = activate(product(Float64Array.from(features), parameter('weights'), parameter('bias')));
  const y0 = convolvedBack({ size: 4, channels: 64, values: first }, parameter('w0'), parameter('b0'));
  const y1 = convolvedBack(y0, parameter('w1'), parameter('b1'));
  const said = logits.dataSync();
  for (let cell = 0; cell < 256; cell++) {
    const own = y1.values.subarray(cell * 16, (cell + 1) * 16);
    for (const [bit, value] of product(own, parameter('w2'), parameter('b2')).entries())
      assert.ok(Math.abs((said[cell * 16 + bit] as number) - value) < 1e-4 * (1 + Math.abs(value)));
  }
  tf.dispose([logits, tensors]);
});
