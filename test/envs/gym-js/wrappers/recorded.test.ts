import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ClipAction,
  ClipReward,
  type Env,
  FlattenObservation,
  FrameStackObservation,
  type FrameStackObservationOptions,
  NormalizeObservation,
  NormalizeReward,
  RecordEpisodeStatistics,
  RescaleAction,
  TimeLimit,
} from 'gym-js';
import { Grip, Mixed, Toy } from '../toy-env.ts';
import { play, recorded } from '../traces.ts';

// Each wrapper around the same environment as in Gymnasium gives the same numbers, to the last bit.

for (const dtype of ['float32', 'float64', 'uint8'] as const) {
  test(`NormalizeObservation of ${dtype}`, () => {
    const env = new NormalizeObservation(new Toy({ length: 5, dtype }));
    assert.deepEqual(play(env), recorded.normalizeObservation?.[dtype]);
  });
}

test('NormalizeReward', () => {
  assert.deepEqual(play(new NormalizeReward(new Toy({ length: 5 }), { gamma: 0.9 })), recorded.normalizeReward);
});

test('ClipReward', () => {
  assert.deepEqual(play(new ClipReward(new Toy(), { minReward: -0.5, maxReward: 1.25 })), recorded.clipReward);
});

test('TimeLimit, also where the episode ends at its limit', () => {
  assert.deepEqual(play(new TimeLimit(new Toy({ length: 5 }), { maxEpisodeSteps: 3 })), recorded.timeLimit);
  assert.deepEqual(play(new TimeLimit(new Toy({ length: 3 }), { maxEpisodeSteps: 3 })), recorded.timeLimitAtEnd);
});

test('RecordEpisodeStatistics', () => {
  assert.deepEqual(play(new RecordEpisodeStatistics(new Toy(), { bufferLength: 2 })), recorded.statistics);
});

test('FrameStackObservation with each padding, of arrays and of dictionaries', () => {
  const stacked = <O>(env: Env<O, number>, options: FrameStackObservationOptions<O>, steps = 12): unknown =>
    play(new FrameStackObservation(env, options), { steps });
  const custom = Float32Array.of(5, -5);
  assert.deepEqual(stacked(new Toy(), { stackSize: 3 }), recorded.frameStack?.['reset']);
  assert.deepEqual(stacked(new Toy(), { stackSize: 3, paddingType: 'zero' }), recorded.frameStack?.['zero']);
  assert.deepEqual(stacked(new Toy(), { stackSize: 3, paddingType: custom }), recorded.frameStack?.['custom']);
  assert.deepEqual(stacked(new Toy(), { stackSize: 1 }), recorded.frameStack?.['one']);
  assert.deepEqual(stacked(new Mixed(), { stackSize: 2 }, 3), recorded.frameStack?.['mixed']);
  assert.deepEqual(stacked(new Mixed(), { stackSize: 2, paddingType: 'zero' }, 3), recorded.frameStack?.['mixedZero']);
});

test('FlattenObservation', () => {
  const env = new FlattenObservation(new Mixed());
  assert.deepEqual(play(env, { steps: 3 }), recorded.flatten);
  assert.ok(env.observationSpace.contains(env.reset().observation));
});

test('ClipAction', () => {
  const actions = [Float32Array.of(9, 0.3), Float32Array.of(-1.5, -7)];
  assert.deepEqual(play(new ClipAction(new Grip()), { steps: 2, actions }), recorded.clipAction);
});

test('RescaleAction', () => {
  const actions = [Float32Array.of(0.3, 1.1), Float32Array.of(-1, 0), Float32Array.of(1, 3)];
  const env = new RescaleAction(new Grip(), { minAction: [-1, 0], maxAction: [1, 3] });
  assert.deepEqual(play(env, { steps: 3, actions }), recorded.rescaleAction);
});
