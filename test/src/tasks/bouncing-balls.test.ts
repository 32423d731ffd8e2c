import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { newOptimiserState, Optimiser } from '../../../agents/optimiser.ts';
import { Random } from '../../../agents/random.ts';
import { ballSamples, packedFrames } from '../../../src/tasks/balls/ball-sample.ts';
import { BallPredictor } from '../../../src/tasks/balls/ball-predictor.ts';
import type { SequenceParameters } from '../../../src/tasks/task.ts';
import { bouncingBalls } from '../../../src/tasks/bouncing-balls.ts';
import { cells, drawVideo, unpackCells } from '../../../src/tasks/data/bouncing-balls.ts';
import type { TrainingSettings } from '../../../src/tasks/settings.ts';

before(() => loadTensorFlow({ threads: 2 }));

const small = { modules: 4, units: 12, active: 2, batch: 2, hidden: 24 };
const open = (changes: object = {}) =>
  bouncingBalls.open(bouncingBalls.settings.parse({ ...small, ...changes }) as TrainingSettings, selectKernels('auto'));

/** The predictor of a small LSTM with drawn parameters, and frames of one video, (51, 1, 4096). */
function predictor(): { predictor: BallPredictor; parameters: SequenceParameters; frames: tf.Tensor3D } {
  const own = new BallPredictor({ kind: 'lstm', units: 24 }, selectKernels('auto'));
  const flat = own.layout.initial(new Random(1));
  const parameters = own.layout.named(own.layout.split(tf.tensor1d(flat)));
  const video = drawVideo('4balls', 'equal', 51, new Random(2));
  return { predictor: own, parameters, frames: tf.tensor3d(unpackCells(video), [51, 1, 4096]) };
}

const part = (frames: tf.Tensor3D, from: number, to: number): tf.Tensor3D =>
  tf.slice(frames, [from, 0, 0], [to - from, 1, 4096]);

function assertSame(actual: tf.Tensor, expected: tf.Tensor, tolerance = 1e-5): void {
  assert.deepEqual(actual.shape, expected.shape);
  const gap = tf.tidy(() => tf.max(tf.abs(tf.sub(actual, expected)))).dataSync()[0] as number;
  assert.ok(gap < tolerance, `differ by ${gap}`);
}

test('a network that knows nothing loses 4096 ln 2 per frame, everywhere; nothing is left behind', async () => {
  const experiment = await open();
  const zeros = tf.zeros<tf.Rank.R1>([experiment.layout.size]);
  const parameters = experiment.layout.named(experiment.layout.split(zeros));
  const nats = 4096 * Math.LN2;
  const tensors = tf.memory().numTensors;
  const loss = tf.tidy(() => experiment.loss(parameters, experiment.nextBatch(new Random(1)), 0));
  assert.ok(Math.abs((loss.dataSync()[0] as number) - nats) < 1e-2);
  loss.dispose();
  const { metrics, activation } = experiment.evaluate(parameters, 'validation');
  for (const key of ['rolloutCrossEntropy', 'rolloutSquaredError']) {
    const errors = metrics[key] as number[];
    assert.equal(errors.length, 35);
    for (const error of errors) assert.ok(Math.abs(error - (key === 'rolloutCrossEntropy' ? nats : 0.25)) < 1e-2);
  }
  assert.ok(Math.abs((metrics['nextFrame'] as number) - nats) < 1e-2);
  assert.deepEqual((activation as { shares?: number[] }).shares, [1, 1, 0, 0]); // all tie: the first two of four
  experiment.sample(parameters);
  assert.equal(tf.memory().numTensors, tensors);
});

test('rolling out is predicting from the frames that were predicted, one by one', () => {
  const { predictor: own, parameters, frames } = predictor();
  const { logits } = own.rollOut(parameters, part(frames, 0, 15), 3);
  let input = part(frames, 0, 15);
  for (let step = 0; step < 3; step++) {
    const all = own.predict(parameters, input).logits; // from the start each time
    const last = part(all, all.shape[0] - 1, all.shape[0]);
    assertSame(part(logits, step, step + 1), last, 1e-4);
    input = tf.concat([input, tf.cast(tf.greater(last, 0), 'float32')]);
  }
});

test('a prediction depends on the frames so far alone; cut and resumed it is the same', () => {
  const { predictor: own, parameters, frames } = predictor();
  const whole = own.predict(parameters, part(frames, 0, 12)).logits;
  const first = own.predict(parameters, part(frames, 0, 7));
  assertSame(first.logits, part(whole, 0, 7));
  assertSame(own.predict(parameters, part(frames, 7, 12), first.states).logits, part(whole, 7, 12));
});

test('the sample holds a video of each scene, what was rolled out, and which modules were active', async () => {
  const experiment = await open();
  const flat = tf.tensor1d(experiment.layout.initial(new Random(3)));
  const parameters = experiment.layout.named(experiment.layout.split(flat));
  const { videos } = ballSamples.parse(JSON.parse(JSON.stringify(experiment.sample(parameters))));
  assert.deepEqual(
    videos.map(({ scene }) => scene),
    ['4balls', '678balls', 'curtain'],
  );
  for (const { truth, rolledOut, active } of videos) {
    assert.equal(packedFrames(truth).length, 50);
    assert.equal(packedFrames(rolledOut).length, 35);
    assert.equal(packedFrames(truth)[0]?.length, cells);
    assert.equal(active?.length, 49);
    for (const step of active ?? [])
      assert.equal(
        step.reduce((a, b) => a + b, 0),
        2,
      );
  }
});

test('a few updates on one batch: the loss falls, and every part of the network gets a gradient', async () => {
  for (const core of ['rim', 'lstm']) {
    const experiment = await open({ core });
    const settings = { maxGradNorm: 1, adamEpsilon: 1e-8 };
    const kernels = selectKernels('auto');
    const start = newOptimiserState(experiment.layout, new Random(4));
    const optimiser = new Optimiser(experiment.layout, kernels, settings, start);
    const batch = experiment.nextBatch(new Random(5));
    const losses = Array.from(
      { length: 12 },
      () => optimiser.step((parameters) => experiment.loss(parameters, batch, 0), 2e-3).loss,
    );
    assert.ok((losses.at(-1) as number) < 0.8 * (losses[0] as number), losses.join(' '));
    for (const [name, norm] of Object.entries(optimiser.gradientNorms()))
      assert.ok(norm > 0, `${name} has no gradient`);
    optimiser.dispose();
  }
});

test('what is evaluated is the same in every run', async () => {
  const [a, b] = await Promise.all([open(), open({ seed: 9 })]);
  const parameters = a.layout.named(a.layout.split(tf.tensor1d(a.layout.initial(new Random(6)))));
  assert.deepEqual(a.sample(parameters), b.sample(parameters));
});
