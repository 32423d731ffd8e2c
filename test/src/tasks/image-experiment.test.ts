import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { type CoreOptions, rimDefaults } from '../../../agents/cores/options.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { Random } from '../../../agents/random.ts';
import type { LabelledImages } from '../../../src/tasks/data/images.ts';
import { ImageExperiment, type ImageOptions } from '../../../src/tasks/image-experiment.ts';

before(() => loadTensorFlow());

const options: ImageOptions = {
  core: { kind: 'gru', units: 5 },
  ...{ levels: 2, embedding: 4, outerDropout: 0, batch: 4, trainSize: 3, testSizes: [4, 5] },
  ...{ validation: 6, evaluated: 5, tested: 7 },
};

/** Images whose pixels are bright in a pattern of their own, and whose number mod 10 is their class. */
function images(count: number, channels: number): LabelledImages {
  const pixels = Uint8Array.from({ length: count * channels * 36 }, (_, i) => (i * i * 7 + i) % 256);
  return { count, side: 6, channels, pixels, labels: Uint8Array.from({ length: count }, (_, i) => i % 10) };
}

function experiment(changed: Partial<ImageOptions> = {}, channels = 1): ImageExperiment {
  const data = { name: 'stripes', train: images(20, channels), test: images(9, channels) };
  return new ImageExperiment({ ...options, ...changed }, data, selectKernels('portable'));
}

test('data are known by their content: one pixel makes others of them', () => {
  const named = (pixel: number): string => {
    const data = { name: 'stripes', train: images(20, 1), test: images(9, 1) };
    data.train.pixels[100] = pixel;
    return new ImageExperiment(options, data, selectKernels('portable')).data;
  };
  assert.match(named(1), /^stripes, 20 \+ 9 images, sha256 [0-9a-f]{12}$/);
  assert.equal(named(1), named(1));
  assert.notEqual(named(2), named(1));
});

/** Does something with first parameters. */
function withParameters<T>(
  made: ImageExperiment,
  work: (parameters: ReturnType<ImageExperiment['layout']['named']>) => T,
): T {
  const vector = tf.tensor1d(made.layout.initial(new Random(3)));
  const tensors = made.layout.split(vector);
  try {
    return work(made.layout.named(tensors));
  } finally {
    tf.dispose([vector, tensors]);
  }
}

test('sets: validation at every resolution, by which the test resolutions are selected as in the paper', () => {
  const { validation, selections, updatesPerEpoch } = experiment();
  assert.equal(updatesPerEpoch, 3); // 20 images without 6, in batches of 4
  assert.deepEqual(validation, ['validation-3', 'validation-4', 'validation-5']);
  assert.deepEqual(
    selections.map(({ name, set, tests }) => [name, set, ...tests]),
    [
      ['validation', 'validation-3', 'test-3', 'test-4', 'test-5'],
      ['paper-4', 'validation-4', 'test-4'],
      ['paper-5', 'validation-5', 'test-5'],
    ],
  );
});

test('a pass shows no image twice and none of validation; the next has another order', () => {
  const made = experiment({ batch: 7, trainSize: 6 });
  const seen = [made.nextBatch(new Random(1)), made.nextBatch(new Random(1))].map(({ labels }) => [...labels]);
  assert.deepEqual(seen.flat().sort(), Array.from({ length: 14 }, (_, i) => i % 10).sort());
  const random = new Random(1);
  const passes = [made.nextBatch(random), made.nextBatch(random), made.nextBatch(random)];
  assert.notDeepEqual(passes[2]?.labels, passes[0]?.labels);
});

test('a batch holds the tokens of its images, step by step', () => {
  const made = experiment({ trainSize: 6 }, 3);
  const { tokens, labels } = made.nextBatch(new Random(1));
  const { pixels } = images(20, 3);
  assert.equal(tokens.length, 36 * 4 * 3);
  for (const [b, label] of labels.entries())
    for (let step = 0; step < 36; step++) {
      const found = [...tokens.subarray((step * 4 + b) * 3, (step * 4 + b + 1) * 3)];
      // 14 images are learned from, so a label below 4 is of one of two.
      const fits = [label, label + 10].some((image) =>
        found.every((token, channel) => {
          const pixel = pixels[(image * 3 + channel) * 36 + step] ?? 0;
          return token === 2 * channel + Number(pixel >= 128);
        }),
      );
      assert.ok(fits, `image ${b}, step ${step}`);
    }
});

test('goes on with the batches that would have come', () => {
  const [through, resumed] = [experiment(), experiment()];
  const random = new Random(5);
  for (let i = 0; i < 4; i++) through.nextBatch(random);
  const later = new Random(0);
  later.restore(random.save());
  resumed.restore(JSON.parse(JSON.stringify(through.save())));
  for (let i = 0; i < 4; i++) assert.deepEqual(resumed.nextBatch(later), through.nextBatch(random));
  assert.throws(() => resumed.restore(null), /which images come next; start a new run/);
});

test('without dropout the loss is the cross-entropy that evaluation tells, and every parameter gets gradient', () => {
  const made = experiment({ evaluated: 6 });
  withParameters(made, (parameters) => {
    const tensors = tf.memory().numTensors;
    const evaluated = made.evaluate(parameters, 'test-3');
    assert.equal(tf.memory().numTensors, tensors);
    assert.ok(Math.abs((evaluated.metrics['crossEntropy'] as number) - Math.log(10)) < 0.1);
    const share = (evaluated.metrics['accuracy'] as number) * 7;
    assert.equal(share, Math.round(share));
  });
  const batch = made.nextBatch(new Random(1));
  tf.tidy(() => {
    const flat = tf.tensor1d(made.layout.initial(new Random(3)));
    const grad = tf.valueAndGrads((...tensors: tf.Tensor[]) => made.loss(made.layout.named(tensors), batch));
    const { value, grads } = grad(made.layout.split(flat));
    assert.ok(Math.abs((value.dataSync()[0] as number) - Math.log(10)) < 0.1);
    for (const [i, one] of grads.entries())
      assert.ok((one.abs().max().dataSync()[0] as number) > 0, made.layout.names[i]);
  });
});

test('dropout changes the loss by its seed alone', () => {
  const made = experiment({ outerDropout: 0.5 });
  const batch = made.nextBatch(new Random(1));
  withParameters(made, (parameters) => {
    const loss = (seed: number): number => tf.tidy(() => made.loss(parameters, batch, seed).dataSync()[0] as number);
    assert.equal(loss(1), loss(1));
    assert.notEqual(loss(1), loss(2));
  });
});

test('a sample can be written as JSON, with the modules active in each step', () => {
  const core: CoreOptions = { kind: 'rim', modules: 3, active: 2, units: 4, ...rimDefaults(4) };
  const made = experiment({ core });
  const sample = withParameters(made, (parameters) => made.sample(parameters));
  assert.deepEqual(JSON.parse(JSON.stringify(sample)), sample);
  assert.deepEqual([sample.size, sample.inputs.length, sample.probabilities.length], [4, 16, 10]);
  assert.deepEqual(
    sample.active?.map((step) => step.reduce((a, b) => a + b, 0)),
    Array(16).fill(2),
  );
});

test('too few images are refused', () => {
  assert.throws(
    () => experiment({ batch: 15 }),
    /20 training images, 6 of them for validation, do not fill a batch of 15/,
  );
});
