import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { ActorCritic } from '../../../agents/actor-critic.ts';
import { coreKinds, type CoreKind } from '../../../agents/cores/options.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import type { OptimiserState } from '../../../agents/optimiser.ts';
import { Random } from '../../../agents/random.ts';
import { cueRecallRollout } from '../../envs/memory/cue-recall-rollout.ts';
import { coreOptions } from '../../../src/settings/core-settings.ts';
import { ppoOptions } from '../../../src/ppo/config.ts';
import { Learner } from '../../../src/ppo/learner.ts';
import { Collector } from '../../../src/ppo/rollout.ts';
import { StageClock } from '../../../src/ppo/stage-clock.ts';

before(() => loadTensorFlow({ threads: 2 }));

async function setUp(core: CoreKind, settings: Record<string, unknown> = {}) {
  const options = ppoOptions.parse({
    core,
    modules: 4,
    units: 6,
    active: 2,
    hidden: 16,
    envs: 8,
    rollout: 16,
    ...settings,
  });
  const env = cueRecallRollout({ count: options.envs, rolloutSteps: options.rollout, seed: 1 });
  await env.reset();
  const kernels = selectKernels('auto');
  const { observationShape, observationType, actions } = env;
  const agent = new ActorCritic(
    { observationShape, observationType, actions, features: 16, core: coreOptions(options) },
    kernels,
  );
  const random = new Random(options.seed);
  const { size } = agent.layout;
  const start = {
    parameters: agent.layout.initial(random),
    m: new Float32Array(size),
    v: new Float32Array(size),
    adamStep: 0,
  };
  const learner = new Learner(agent, kernels, options, random, start);
  const collector = new Collector(env, agent, random, { played: () => {}, finished: () => {} });
  const update = async () => {
    const rollout = await collector.collect(learner.parameters, new StageClock());
    const statistics = await learner.update(env, rollout, 1e-3);
    env.rollover();
    return statistics;
  };
  return { agent, collector, env, learner, options, random, update };
}

for (const kind of coreKinds) {
  test(`${kind}: PPO's loss reaches every parameter, and in a grouped one every module that was active`, async () => {
    const { agent, learner, update } = await setUp(kind);
    const before = learner.state();
    for (let i = 0; i < 3; i++) await update();
    const norms = learner.gradientNorms();
    assert.deepEqual(Object.keys(norms), agent.layout.names);
    for (const [name, norm] of Object.entries(norms)) assert.ok(norm > 0, `${name} got no gradient`);
    const after = learner.state();
    for (const { name, offset, size, shape } of agent.layout.placed) {
      const parts = name.startsWith('core.') && shape.length === 3 ? (shape[0] as number) : 1;
      for (let part = 0; part < parts; part++) {
        const [from, to] = [offset + (part * size) / parts, offset + ((part + 1) * size) / parts];
        const moved = after.parameters.subarray(from, to).some((value, i) => value !== before.parameters[from + i]);
        assert.ok(moved, `${name}, part ${part}, did not move`);
      }
    }
  });
}

for (const kind of coreKinds) {
  test(`${kind}: the policy's loss alone reaches every parameter but the value head's`, async () => {
    const { learner, update } = await setUp(kind, { valueCoefficient: 0, entropyCoefficient: 0 });
    for (let i = 0; i < 3; i++) await update();
    for (const [name, norm] of Object.entries(learner.gradientNorms()))
      assert.equal(norm > 0, !name.startsWith('value.'), `${name}: ${norm}`);
  });
}

test('the first minibatch sees the policy that played: ratio 1, no divergence, nothing clipped', async () => {
  const { update } = await setUp('rim', { epochs: 1, minibatches: 1 });
  const { approxKl, clipFraction, policyLoss } = await update();
  assert.ok(Math.abs(approxKl) < 1e-6 && clipFraction === 0);
  assert.ok(Math.abs(policyLoss) < 1e-5, 'minus the mean of normalised advantages, which is 0');
});

for (const kind of coreKinds) {
  test(`${kind}: playing and learning leave no tensor behind`, async () => {
    const { update } = await setUp(kind);
    await update();
    const { numTensors } = tf.memory();
    for (let i = 0; i < 3; i++) await update();
    assert.equal(tf.memory().numTensors, numTensors);
  });
}

test('the stages of an update add up to the time that passed', async () => {
  const { collector, env, learner } = await setUp('rim');
  const before = performance.now();
  const clock = new StageClock();
  const started = performance.now();
  const rollout = await collector.collect(learner.parameters, clock);
  clock.enter('learn');
  await learner.update(env, rollout, 1e-3);
  const ended = performance.now();
  const spent = clock.take();
  const after = performance.now();
  const milliseconds = 1000 * Object.values(spent).reduce((a, b) => a + b, 0);
  const rounding = 1e-6;
  assert.ok(milliseconds >= ended - started - rounding && milliseconds <= after - before + rounding);
  assert.ok(spent.act > 0 && spent.wait > 0 && spent.learn > 0);
});

test('the same seed learns the same, another seed something else', async () => {
  const learned = async (seed: number): Promise<Float32Array> => {
    const { learner, update } = await setUp('rim', { seed });
    for (let i = 0; i < 2; i++) await update();
    return learner.state().parameters;
  };
  const [one, again, other] = [await learned(1), await learned(1), await learned(2)];
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
});

test('a learner goes on from its state as if it had not stopped, and needs all of it', async () => {
  const { agent, collector, env, learner, options, random, update } = await setUp('gru');
  await update();
  const rollout = await collector.collect(learner.parameters, new StageClock());
  const [state, generator] = [learner.state(), random.save()];
  await learner.update(env, rollout, 1e-3);
  const learned = async (changes: Partial<OptimiserState>): Promise<Float32Array> => {
    const shuffling = new Random(0);
    shuffling.restore(generator);
    const copy = new Learner(agent, selectKernels('auto'), options, shuffling, { ...state, ...changes });
    await copy.update(env, rollout, 1e-3);
    return copy.state().parameters;
  };
  const { parameters } = learner.state();
  assert.deepEqual(await learned({}), parameters);
  const zeros = new Float32Array(agent.layout.size);
  for (const lost of [{ adamStep: 0 }, { m: zeros }, { v: zeros }])
    assert.notDeepEqual(await learned(lost), parameters);
});

test('a loss that is not a number ends training with advice', async () => {
  const { learner, update } = await setUp('lstm');
  await update();
  const broken = learner.state();
  broken.parameters.fill(NaN);
  const { agent } = await setUp('lstm');
  const env = cueRecallRollout({ count: 8, rolloutSteps: 16, seed: 1 });
  await env.reset();
  const options = ppoOptions.parse({ core: 'lstm', envs: 8, rollout: 16 });
  const useless = new Learner(agent, selectKernels('auto'), options, new Random(1), broken);
  const collector = new Collector(env, agent, new Random(1), { played: () => {}, finished: () => {} });
  const rollout = await collector.collect(useless.parameters, new StageClock());
  await assert.rejects(
    useless.update(env, rollout, 1e-3),
    /diverged at optimiser step \d+: .*(loss|gradient of \w+\.\w+).* is not a number.*--learning-rate/,
  );
});
