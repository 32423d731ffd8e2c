import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { ActorCritic, type AgentOptions, type Decision } from '../../../agents/actor-critic.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { Random } from '../../../agents/random.ts';
import { AtariPool } from '../../../envs/atari/index.ts';
import { coreOptions } from '../../../src/settings/core-settings.ts';
import { ppoOptions } from '../../../src/ppo/config.ts';
import { Collector } from '../../../src/ppo/rollout.ts';
import { StageClock } from '../../../src/ppo/stage-clock.ts';

// Two groups, with a network so slow that there is time to look, while it is at work, at what the environments do. It
// blocks the trainer's thread, as TensorFlow does; what changes meanwhile, the workers have changed. Nothing is timed.

const envs = 4;
const steps = 12;
const listener = { played: (): void => {}, finished: (): void => {} };

before(() => loadTensorFlow({ threads: 2 }));

/** A network that takes its time: `work` is called while it is busy. */
class SlowNetwork extends ActorCritic {
  work: (call: number) => void = () => {};
  #calls = 0;

  override act(...inputs: Parameters<ActorCritic['act']>): Decision {
    this.work(this.#calls++);
    return super.act(...inputs);
  }
}

/** Blocks this thread until `done`, or for as long as no computer needs for one step. */
function blockUntil(done: () => boolean, milliseconds: number): void {
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  for (const end = performance.now() + milliseconds; !done() && performance.now() < end;)
    Atomics.wait(nothing, 0, 0, 1);
}

interface Look {
  readonly env: AtariPool;
  /** Whether a group's environments have all made step t of this rollout; `none`: whether none has. */
  readonly made: (group: number, t: number) => 'all' | 'none' | 'some';
}

/** Plays one rollout. @param work while the network is busy with its n-th call */
async function play(groups: 1 | 2, work: (call: number, look: Look) => void) {
  const env = await AtariPool.create({ game: 'Breakout', envs, workers: 2, groups, rolloutSteps: steps, seed: 3 });
  try {
    const { observationShape, actions } = env;
    const core = coreOptions(ppoOptions.parse({ modules: 3, units: 8, active: 2 }));
    const options: AgentOptions = {
      observationShape,
      observationType: env.observationType,
      actions,
      features: 16,
      core,
    };
    const network = new SlowNetwork(options, selectKernels('auto'));
    const flat = tf.tensor1d(network.layout.initial(new Random(5)));
    const parameters = network.layout.named(network.layout.split(flat));
    await env.reset();
    env.rewards.fill(NaN); // until a worker writes one
    const size = envs / groups;
    const made = (group: number, t: number): 'all' | 'none' | 'some' => {
      const missing = Array.from({ length: size }, (_, b) => env.rewards[(group * size + b) * steps + t]).filter(
        Number.isNaN,
      ).length;
      return missing === 0 ? 'all' : missing === size ? 'none' : 'some';
    };
    network.work = (call) => work(call, { env, made });
    const { actions: chosen, ...rest } = await new Collector(env, network, new Random(7), listener).collect(
      parameters,
      new StageClock(),
    );
    return structuredClone({ chosen, ...rest, rewards: env.rewards, observations: env.observations.slice() });
  } finally {
    await env.close();
  }
}

test('two groups: while the network is slow with one half, the other half makes its step', async () => {
  const seen: string[] = [];
  const patience = 30_000;
  await play(2, (call, { made }) => {
    const [t, group] = [Math.floor(call / 2), call % 2];
    if (t === steps) return void seen.push('the last values');
    // Group 1 is one step behind when group 0 is in the network.
    const [other, otherStep] = [1 - group, group === 1 ? t : t - 1];
    assert.equal(made(group, t), 'none', `group ${group} waits for its actions of step ${t}`);
    if (otherStep < 0) return void seen.push(`network: group ${group}, step ${t}`);
    blockUntil(() => made(other, otherStep) === 'all', patience);
    assert.equal(made(other, otherStep), 'all', `group ${other} stands still while group ${group} is in the network`);
    assert.equal(made(group, t), 'none');
    seen.push(`network: group ${group}, step ${t}; environments: group ${other}, step ${otherStep}`);
  });
  const expected = ['network: group 0, step 0'];
  for (let t = 0; t < steps; t += 1) {
    if (t > 0) expected.push(`network: group 0, step ${t}; environments: group 1, step ${t - 1}`);
    expected.push(`network: group 1, step ${t}; environments: group 0, step ${t}`);
  }
  assert.deepEqual(seen, [...expected, 'the last values']);
});

test('one group: the environments stand still while the network is slow', async () => {
  let looks = 0;
  await play(1, (t, { made }) => {
    if (t === steps) return;
    blockUntil(() => made(0, t) !== 'none', 20);
    assert.equal(made(0, t), 'none');
    if (t > 0) assert.equal(made(0, t - 1), 'all');
    looks += 1;
  });
  assert.equal(looks, steps);
});

test('a slow network learns from the same rollout with one group and with two', async () => {
  const sleep = (): void => blockUntil(() => false, 5);
  assert.deepEqual(await play(2, sleep), await play(1, sleep));
});
