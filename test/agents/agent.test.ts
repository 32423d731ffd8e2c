// What an agent does, from its files, equals what its network does step by step.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { ActorCritic } from '../../agents/actor-critic.ts';
import { Agent, type AgentState } from '../../agents/agent.ts';
import { readBundle } from '../../agents/bundle/read-bundle.ts';
import { type CoreKind, coreKinds } from '../../agents/cores/options.ts';
import { loadTensorFlow } from '../../agents/kernels/backend.ts';
import { portableKernels } from '../../agents/kernels/portable/index.ts';
import { Random } from '../../agents/random.ts';
import { small, written } from './bundle/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'rim-agents-agent-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Puts an agent's files into a folder below {@link folder}. */
function saved(core: CoreKind, ...path: string[]): string {
  const { manifest, weights } = written(small(core));
  const place = join(folder, ...path);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'agent.json'), manifest);
  writeFileSync(join(place, 'weights.safetensors'), weights);
  return place;
}

/** Six observations. */
const random = new Random(9);
const observations = Array.from({ length: 6 }, () => Float32Array.from({ length: 4 }, () => random.normal()));

for (const core of coreKinds)
  test(`${core}: acting step by step equals the network on the whole sequence`, async () => {
    const agent = await Agent.load(saved(core, core));
    const network = new ActorCritic(small(core), portableKernels);
    const { parameters } = written(small(core));
    const expected = tf.tidy(() => {
      const named = network.layout.named(network.layout.split(tf.tensor1d(parameters)));
      const states = network.core.stateWidths.map((width) => tf.zeros<tf.Rank.R2>([1, width]));
      const all = tf.tensor2d(Float32Array.from(observations.flatMap((one) => [...one])), [6, 4]);
      const { logits, values } = network.evaluate(named, all, states, tf.ones([6, 1]));
      return { logits: logits.arraySync(), values: values.arraySync() };
    });
    let state = agent.initialState();
    for (const [step, observation] of observations.entries()) {
      const { action, logits, value, activation, ...next } = agent.act(observation, state);
      const [a = 0, b = 0] = expected.logits[step] ?? [];
      assert.ok(Math.abs((logits[0] as number) - a) < 1e-5 && Math.abs((logits[1] as number) - b) < 1e-5);
      assert.ok(Math.abs(value - (expected.values[step] as number)) < 1e-5);
      assert.equal(action, b > a ? 1 : 0);
      const modules = { rim: 3, brim: 5, lstm: 0, gru: 0, ff: 0 }[core];
      assert.equal(activation?.active.length ?? 0, modules);
      ({ state } = next);
    }
    agent.dispose();
  });

test('a batch is its rows, and keep 0 makes one begin anew', async () => {
  const agent = await Agent.load(saved('rim', 'batch'));
  const [first, second, third] = observations as [Float32Array, Float32Array, Float32Array];
  const begun = agent.act(first).state;
  const pair = (a: Float32Array, b: Float32Array): Float32Array => Float32Array.of(...a, ...b);
  const { logits } = agent.actBatch(
    pair(second, third),
    begun.map((row) => pair(row, row)),
    Float32Array.of(1, 0),
  );
  assert.deepEqual(logits, pair(agent.act(second, begun).logits, agent.act(third).logits));
  agent.dispose();
});

test('actions are drawn by the probabilities of the policy, the same with the same seed', async () => {
  const agent = await Agent.load(saved('gru', 'drawn'));
  const [observation = new Float32Array(4)] = observations;
  const draw = (random: Random): number[] =>
    Array.from({ length: 400 }, () => agent.act(observation, undefined, { random }).action);
  const actions = draw(new Random(1));
  assert.deepEqual(draw(new Random(1)), actions);
  const [a = 0, b = 0] = agent.act(observation).logits;
  const p = 1 / (1 + Math.exp(a - b));
  const drawn = actions.reduce((sum, action) => sum + action, 0);
  assert.ok(Math.abs(drawn - 400 * p) < 4 * Math.sqrt(400 * p * (1 - p)), `${drawn} of 400 with probability ${p}`);
  agent.dispose();
});

test('a run, a bundle, with or without a slash at its end: all are found; nothing is left in tfjs', async () => {
  await loadTensorFlow();
  const before = tf.memory().numTensors;
  saved('ff', 'run', 'agent');
  for (const path of ['run', 'run/', 'run/agent', 'run/agent/']) {
    const agent = await Agent.load(join(folder, path));
    assert.deepEqual([agent.agentStep, agent.update, agent.parameterCount], [1024, 7, 93]);
    agent.act(new Float32Array(4));
    agent.dispose();
  }
  assert.equal(tf.memory().numTensors, before);
});

test('what is no agent, or not what it takes, is refused in a line', async () => {
  await assert.rejects(Agent.load('nowhere/at/all'), {
    name: 'UserError',
    message: 'no agent in nowhere/at/all: give the folder of a run, or one with agent.json in it',
  });
  const place = saved('lstm', 'refused');
  writeFileSync(join(place, 'agent.json'), '{');
  await assert.rejects(Agent.load(place), {
    name: 'UserError',
    message: /refused\/agent\.json is damaged \(it is not/,
  });
  rmSync(join(place, 'agent.json'));
  mkdirSync(join(place, 'agent.json'));
  await assert.rejects(Agent.load(place), { name: 'UserError', message: /^cannot read .*agent\.json \(EISDIR\)/ });

  const { manifest, weights } = written(small('lstm'));
  const agent = new Agent(readBundle(JSON.parse(manifest.toString()), weights), portableKernels);
  const cases: [() => unknown, RegExp][] = [
    [
      () => agent.act(new Float32Array(5)),
      /an observation of Float32Array of 5; this agent takes Float32Array of 4 \(4\)/,
    ],
    [() => agent.act(new Uint8Array(4)), /Uint8Array of 4; this agent takes Float32Array/],
    [() => agent.act([1, 2, 3, 4] as never), /an observation of a plain array/],
    [
      () => agent.act(new Float32Array(4), [new Float32Array(5)]),
      /a state of \[5\] numbers; this agent's has \[5, 5\]/,
    ],
  ];
  for (const [act, message] of cases) assert.throws(act, { name: 'UserError', message });
  agent.dispose();
});

test('states and keep of another type, and an agent that was disposed, are refused in a line', async () => {
  const agent = await Agent.load(saved('gru', 'types'));
  const [observation = new Float32Array(4)] = observations;
  const state = agent.initialState();
  const plain = state.map((part) => [...part]) as unknown as AgentState;
  const refused = (message: RegExp): object => ({ name: 'UserError', message });
  assert.throws(() => agent.act(observation, plain), refused(/^a state of a plain array/));
  assert.throws(
    () => agent.actBatch(new Float32Array(), [], new Float32Array()),
    refused(/^keep is Float32Array of 0/),
  );
  assert.throws(() => agent.actBatch(observation, state, [1] as never), refused(/^keep is a plain array/));
  agent.dispose();
  assert.throws(() => agent.act(observation), refused(/^this agent was disposed/));
});
