import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { Box, Discrete, type ResetResult, type StepResult } from 'gym-js';
import { logSoftmax } from '../../../agents/categorical.ts';
import { ActorCritic, type NetworkParameters } from '../../../agents/actor-critic.ts';
import { coreKinds, type CoreKind } from '../../../agents/cores/options.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { Random } from '../../../agents/random.ts';
import { InProcessRollout, type InProcessEnv } from '../../../envs/in-process-rollout.ts';
import { coreOptions } from '../../../src/settings/core-settings.ts';
import { ppoOptions } from '../../../src/ppo/config.ts';
import { Collector } from '../../../src/ppo/rollout.ts';
import { StageClock } from '../../../src/ppo/stage-clock.ts';

const steps = 12;
const envs = 3;
const listener = { played: (): void => {}, finished: (): void => {} };

before(() => loadTensorFlow({ threads: 2 }));

/**
 * Shows noise; ends by its own rules after 4 steps or, in every other episode, is cut after 5;
 * the true last observation is all sevens.
 */
class CutOff implements InProcessEnv {
  readonly observationSpace = new Box({ low: -10, high: 10, shape: [2], dtype: 'float32' });
  readonly actionSpace = new Discrete(3);
  readonly #random: Random;
  #episode = 0;
  #step = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  reset(): ResetResult<Float32Array> {
    this.#episode += 1;
    this.#step = 0;
    return { observation: this.#noise(), info: {} };
  }

  step(): StepResult<Float32Array> {
    this.#step += 1;
    const truncated = this.#episode % 2 === 0 && this.#step === 5;
    const terminated = this.#episode % 2 === 1 && this.#step === 4;
    const observation = truncated ? Float32Array.of(7, 7) : this.#noise();
    return { observation, reward: 1, terminated, truncated, info: {} };
  }

  close(): void {}

  #noise(): Float32Array {
    return Float32Array.of(this.#random.normal(), this.#random.normal());
  }
}

async function setUp(kind: CoreKind) {
  const env = new InProcessRollout((index) => new CutOff(index), {
    count: envs,
    rolloutSteps: steps,
    seed: 1,
    recipe: '',
  });
  await env.reset();
  const options = ppoOptions.parse({ core: kind, modules: 3, units: 4, active: 2, hidden: 5 });
  const agent = new ActorCritic(
    { observationShape: [2], observationType: 'float32', actions: 3, features: 6, core: coreOptions(options) },
    selectKernels('auto'),
  );
  const flat = tf.tensor1d(agent.layout.initial(new Random(5)).map((x) => 3 * x)); // a policy that is not uniform
  const parameters = agent.layout.named(agent.layout.split(flat));
  return { env, agent, parameters, collector: new Collector(env, agent, new Random(7), listener) };
}

/** Logits and values of one environment's whole observation sequence, as learning computes them. */
function evaluated(
  agent: ActorCritic,
  parameters: NetworkParameters,
  observations: Float32Array,
  states: readonly Float32Array[],
  keep: number[],
) {
  const { logits, values } = agent.evaluate(
    parameters,
    agent.observationTensor(observations, keep.length),
    states.map((state) => tf.tensor2d(state, [1, state.length])),
    tf.tensor2d(keep, [keep.length, 1]),
  );
  return { logits: logits.dataSync() as Float32Array, values: values.dataSync() };
}

for (const kind of coreKinds) {
  test(`${kind}: acting step by step, over rollouts with ends in them, equals learning on sequences`, async () => {
    const { env, agent, parameters, collector } = await setUp(kind);
    for (let round = 0; round < 2; round++) {
      const rollout = await collector.collect(parameters, new StageClock());
      for (let e = 0; e < envs; e++) {
        const of = (array: Float32Array): number[] => [...array.subarray(e * steps, (e + 1) * steps)];
        const states = rollout.initialStates.map((all) => {
          const width = all.length / envs;
          return all.slice(e * width, (e + 1) * width);
        });
        const observations = env.observations.slice(e * (steps + 1) * 2, (e + 1) * (steps + 1) * 2);
        const over = env.terminated[(e + 1) * steps - 1] || env.truncated[(e + 1) * steps - 1];
        const { logits, values } = evaluated(agent, parameters, observations, states, [
          ...of(rollout.keep),
          over ? 0 : 1,
        ]);
        for (let t = 0; t < steps; t++) {
          const cell = e * steps + t;
          const expected = logSoftmax(logits.subarray(3 * t, 3 * t + 3))[rollout.actions[cell] as number] as number;
          assert.ok(Math.abs((rollout.logProbabilities[cell] as number) - expected) < 1e-5);
          assert.ok(Math.abs((rollout.values[cell] as number) - (values[t] as number)) < 1e-5);
        }
        assert.ok(Math.abs((rollout.lastValues[e] as number) - (values[steps] as number)) < 1e-5);
      }
      env.rollover();
    }
  });

  test(`${kind}: a truncated episode's final value is that of its true last observation and its memory`, async () => {
    const { env, agent, parameters, collector } = await setUp(kind);
    const rollout = await collector.collect(parameters, new StageClock());
    const cut = env.truncated.indexOf(1);
    assert.equal(cut, 4 + 5 - 1, 'the first environment: one episode of 4 steps, then one cut after 5');
    const observations = Float32Array.of(...env.observations.subarray(4 * 2, 9 * 2), 7, 7);
    const { values } = evaluated(
      agent,
      parameters,
      observations,
      agent.core.stateWidths.map((width) => new Float32Array(width)),
      [1, 1, 1, 1, 1, 1],
    );
    assert.ok(Math.abs((rollout.finalValues[cut] as number) - (values[5] as number)) < 1e-5);
    assert.equal(rollout.keep[cut + 1], 0);
  });
}

test('actions are drawn with the probabilities of the policy', async () => {
  const { env, agent, parameters, collector } = await setUp('ff');
  let [surplus, variance] = [0, 0];
  for (let round = 0; round < 60; round++) {
    const { actions } = await collector.collect(parameters, new StageClock());
    for (let e = 0; e < envs; e++) {
      const observations = env.observations.slice(e * (steps + 1) * 2, (e * (steps + 1) + steps) * 2);
      const keep = Array.from({ length: steps }, () => 1);
      const { logits } = evaluated(agent, parameters, observations, [], keep);
      for (let t = 0; t < steps; t++) {
        const p = Math.exp(logSoftmax(logits.subarray(3 * t, 3 * t + 3))[0] as number);
        surplus += Number(actions[e * steps + t] === 0) - p;
        variance += p * (1 - p);
      }
    }
    env.rollover();
  }
  assert.ok(Math.abs(surplus) < 4 * Math.sqrt(variance), `${surplus} of deviation ${Math.sqrt(variance)}`);
});
