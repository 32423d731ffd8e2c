import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ClipAction,
  ClipReward,
  FrameStackObservation,
  NormalizeObservation,
  NormalizeReward,
  OrderEnforcing,
  RecordEpisodeStatistics,
  RenderCollection,
  RescaleAction,
  TimeLimit,
} from 'gym-js';
import { Grip, Mixed, Toy } from '../toy-env.ts';

test('what a wrapper cannot work with is refused in one line', () => {
  const toy = new Toy();
  const refused: [() => unknown, string][] = [
    [() => new TimeLimit(toy, { maxEpisodeSteps: 0 }), 'TimeLimit: maxEpisodeSteps 0 is not a whole number above 0'],
    [() => new ClipReward(toy, {}), 'ClipReward: give minReward, maxReward or both'],
    [
      () => new ClipReward(toy, { minReward: 2, maxReward: 1 }),
      'ClipReward: minReward 2 is not below or equal to maxReward 1',
    ],
    [() => new NormalizeReward(toy, { gamma: 1.5 }), 'NormalizeReward: gamma 1.5 is not from 0 to 1'],
    [() => new NormalizeReward(toy, { epsilon: 0 }), 'NormalizeReward: epsilon 0 is not above 0'],
    [() => new NormalizeObservation(toy, { epsilon: NaN }), 'NormalizeObservation: epsilon NaN is not above 0'],
    [() => new NormalizeObservation(new Mixed() as never), 'NormalizeObservation: the observation space is not a Box'],
    [
      () => new FrameStackObservation(toy, { stackSize: 0 }),
      'FrameStackObservation: stackSize 0 is not a whole number above 0',
    ],
    [
      () => new FrameStackObservation(toy, { stackSize: 2, paddingType: 'last' as 'zero' }),
      'FrameStackObservation: paddingType is not "reset", "zero" or an observation',
    ],
    [() => new ClipAction(toy as never), 'ClipAction: the action space is not a Box of float32 or float64'],
    [
      () => new RescaleAction(new Grip(), { minAction: 1, maxAction: 1 }),
      'RescaleAction: minAction 1 of element 0 is not below 1',
    ],
    [
      () => new RescaleAction(new Grip(), { minAction: -Infinity, maxAction: 1 }),
      'RescaleAction: minAction -Infinity of element 0 cannot be stretched to the bound -2',
    ],
    [() => new RenderCollection(toy), 'RenderCollection: render mode undefined does not give single frames'],
  ];
  for (const [make, message] of refused) assert.throws(make, { message });
});

test('steps before the first reset are refused', () => {
  const needed = { name: 'ResetNeeded' };
  assert.throws(() => new TimeLimit(new Toy(), { maxEpisodeSteps: 3 }).step(0), needed);
  const ansi = new Toy({ renderMode: 'ansi' });
  const env = new OrderEnforcing(ansi);
  assert.throws(() => env.step(0), needed);
  assert.throws(() => env.render(), needed);
  assert.equal(new OrderEnforcing(ansi, { disableRenderOrderEnforcing: true }).render(), 'step 0');
  env.reset();
  env.step(0);
  assert.equal(env.render(), 'step 1');
});

test('statistics that are frozen are used and no longer moved', () => {
  const observations = new NormalizeObservation(new Toy());
  const rewards = new NormalizeReward(observations);
  rewards.reset({ seed: 1 });
  rewards.step(0);
  observations.updateRunningMean = false;
  rewards.updateRunningMean = false;
  const { count, mean, variance } = observations.obsRms;
  const kept = [count, mean.slice(), variance.slice(), rewards.returnRms.variance.slice()];
  const { observation, reward } = rewards.step(1);
  assert.deepEqual(
    [observations.obsRms.count, observations.obsRms.mean, observations.obsRms.variance, rewards.returnRms.variance],
    kept,
  );
  const raw = new Toy();
  raw.reset({ seed: 1 });
  raw.step(0);
  const plain = raw.step(1);
  const near = (found: number, expected: number): void => assert.ok(Math.abs(found - expected) < 1e-6);
  near(
    observation[0] ?? NaN,
    ((plain.observation[0] ?? NaN) - (mean[0] ?? NaN)) / Math.sqrt((variance[0] ?? 0) + 1e-8),
  );
  near(reward, plain.reward / Math.sqrt((rewards.returnRms.variance[0] ?? 0) + 1e-8));
});

test('the time of an episode is what the given clock says; the queues keep the last', () => {
  let now = 10;
  const env = new RecordEpisodeStatistics(new Toy({ length: 2 }), {
    bufferLength: 2,
    now: () => now,
    statsKey: 'mine',
  });
  for (const length of [0.25, 1.0000004, 3]) {
    env.reset({ seed: 0 });
    env.step(0);
    now += length;
    const { info } = env.step(0);
    assert.equal((info.mine as { t: number }).t, Math.round(length * 1e6) / 1e6);
  }
  assert.deepEqual(env.timeQueue, [1, 3]);
  assert.equal(env.episodeCount, 3);
  const twice = new RecordEpisodeStatistics(env, { statsKey: 'mine' });
  twice.reset({ seed: 0 });
  twice.step(0);
  assert.throws(() => twice.step(0), /info has "mine" already; take another statsKey/);
});

test('a collection of frames keeps them as it is told', () => {
  const create = (options = {}): RenderCollection<never, number> =>
    new RenderCollection(new Toy({ renderMode: 'ansi' }) as never, options);
  const kept = create({ popFrames: false, resetClean: false });
  kept.reset({ seed: 0 });
  kept.step(0);
  kept.reset();
  assert.deepEqual(kept.render(), ['step 0', 'step 1', 'step 0']);
  assert.deepEqual(kept.render(), ['step 0', 'step 1', 'step 0']);
  const cleaned = create();
  cleaned.reset({ seed: 0 });
  cleaned.step(0);
  cleaned.reset();
  assert.deepEqual([cleaned.render(), cleaned.render()], [['step 0'], []]);
});
