import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { ActorCritic, type AgentOptions } from '../../agents/actor-critic.ts';
import type { CoreKind, CoreOptions } from '../../agents/cores/options.ts';
import { rimDefaults, type RimOptions } from '../../agents/cores/options.ts';
import { loadTensorFlow } from '../../agents/kernels/backend.ts';
import { selectKernels } from '../../agents/kernels/index.ts';
import { Random } from '../../agents/random.ts';

before(() => loadTensorFlow({ threads: 2 }));

const layer = (modules: number, units: number, active: number): RimOptions => ({
  ...{ modules, units, active },
  ...rimDefaults(units),
});

const cores: Record<CoreKind, CoreOptions> = {
  rim: { kind: 'rim', ...layer(6, 85, 4) },
  brim: { kind: 'brim', layers: [layer(6, 50, 4), layer(3, 100, 2)] },
  lstm: { kind: 'lstm', units: 512 },
  gru: { kind: 'gru', units: 512 },
  ff: { kind: 'ff' },
};

function atariAgent(core: CoreOptions, changes: Partial<AgentOptions> = {}): ActorCritic {
  const options = { observationShape: [84, 84, 4], observationType: 'uint8', actions: 4, features: 510, core } as const;
  return new ActorCritic({ ...options, ...changes }, selectKernels('auto'));
}

/** Frames of noise, (count, 84, 84, 4). */
function frames(count: number, random: Random): Uint8Array {
  return Uint8Array.from({ length: count * 84 * 84 * 4 }, () => random.integer(256));
}

test('the parameters of each Atari network count what its layers say', () => {
  const cnn = 8 * 8 * 4 * 32 + 32 + 4 * 4 * 32 * 64 + 64 + 3 * 3 * 64 * 64 + 64 + 3136 * 510 + 510;
  const heads = (width: number): number => (width + 1) * (4 + 1);
  const rim = 6 * 85 * 64 + 510 * (64 + 340) + 6 * (340 + 85 + 1) * 340 + 6 * 85 * 3 * 128 + 128 * 85 + 85;
  assert.equal(atariAgent(cores.rim).layout.size, cnn + rim + heads(510));
  const brim = 6 * 50 * 64 + (510 + 300) * (64 + 200) + 6 * (200 + 50 + 1) * 200 + 6 * 50 * 3 * 128 + 128 * 50 + 50;
  const top = 3 * 100 * 64 + 300 * (64 + 400) + 3 * (400 + 100 + 1) * 400 + 3 * 100 * 3 * 128 + 128 * 100 + 100;
  assert.equal(atariAgent(cores.brim).layout.size, cnn + brim + top + heads(300));
  assert.equal(atariAgent(cores.lstm).layout.size, cnn + (510 + 512 + 1) * 2048 + heads(512));
  assert.equal(atariAgent(cores.gru).layout.size, cnn + (510 + 512 + 2) * 1536 + heads(512));
  assert.equal(atariAgent(cores.ff).layout.size, cnn + heads(510));
});

test('the first policy is nearly uniform, and the same for the same seed', () => {
  const agent = atariAgent(cores.rim);
  const initial = (): Float32Array => agent.layout.initial(new Random(4));
  assert.deepEqual(initial(), initial());
  const parameters = agent.layout.named(agent.layout.split(tf.tensor1d(initial())));
  const decision = agent.act(
    parameters,
    frames(3, new Random(1)),
    agent.core.stateWidths.map((width) => new Float32Array(3 * width)),
    new Float32Array(3),
  );
  assert.ok(decision.logits.every((logit) => Math.abs(logit) < 0.1));
  assert.deepEqual(decision.logits.length, 12);
});

test('a row of a batch does not see the others', () => {
  const agent = atariAgent(cores.rim);
  const parameters = agent.layout.named(agent.layout.split(tf.tensor1d(agent.layout.initial(new Random(4)))));
  const random = new Random(2);
  const pictures = frames(3, random);
  const states = agent.core.stateWidths.map((width) => Float32Array.from({ length: 3 * width }, () => random.normal()));
  const together = agent.act(parameters, pictures, states, Float32Array.of(1, 0, 1));
  const picture = pictures.slice(84 * 84 * 4, 2 * 84 * 84 * 4);
  const second = states.map((all) => all.slice(all.length / 3, (2 * all.length) / 3));
  const alone = agent.act(parameters, picture, second, Float32Array.of(0));
  for (const [s, state] of alone.states.entries())
    for (const [i, value] of state.entries())
      assert.ok(Math.abs(value - (together.states[s]?.[state.length + i] as number)) < 1e-5);
});

for (const [name, core] of Object.entries(cores))
  test(`${name}: environments acting in two groups get the same bits as all together`, () => {
    const agent = atariAgent(core);
    const parameters = agent.layout.named(agent.layout.split(tf.tensor1d(agent.layout.initial(new Random(4)))));
    const random = new Random(6);
    const pictures = frames(18, random);
    const states = agent.core.stateWidths.map((width) =>
      Float32Array.from({ length: 18 * width }, () => random.normal()),
    );
    const act = (first: number, count: number): number[] => {
      const rows = <A extends Uint8Array | Float32Array>(all: A): A =>
        all.slice((first * all.length) / 18, ((first + count) * all.length) / 18) as A;
      const keep = new Float32Array(count).fill(1);
      const { logits, values } = agent.act(parameters, rows(pictures), states.map(rows), keep);
      return [...logits, ...values];
    };
    const [together, upper, lower] = [act(0, 18), act(0, 9), act(9, 9)];
    const actions = 4 * 9;
    assert.deepEqual(together, [
      ...[...upper.slice(0, actions), ...lower.slice(0, actions)],
      ...[...upper.slice(actions), ...lower.slice(actions)],
    ]);
  });

test('exactly the chosen number of modules is active, and a module that is not keeps its state bit for bit', () => {
  const agent = atariAgent(cores.rim);
  const parameters = agent.layout.named(agent.layout.split(tf.tensor1d(agent.layout.initial(new Random(4)))));
  const random = new Random(3);
  const states = agent.core.stateWidths.map((width) => Float32Array.from({ length: width }, () => random.normal()));
  const after = agent.act(parameters, frames(1, random), states, Float32Array.of(1));
  const active = after.activation?.active ?? new Float32Array();
  assert.equal(
    active.reduce((a, b) => a + b, 0),
    4,
  );
  for (let module = 0; module < 6; module++) {
    for (const [s, before] of states.entries()) {
      const bytes = (state: Float32Array): Buffer => Buffer.from(state.slice(module * 85, (module + 1) * 85).buffer);
      const same = bytes(before).equals(bytes(after.states[s] as Float32Array));
      assert.equal(same, active[module] === 0);
    }
  }
});

test('stacks of other lengths than four have a network, other observations an error that says what there is', () => {
  const agent = atariAgent(cores.ff, { observationShape: [84, 84, 1] });
  const parameters = agent.layout.named(agent.layout.split(tf.tensor1d(agent.layout.initial(new Random(4)))));
  const decision = agent.act(parameters, new Uint8Array(84 * 84), [], new Float32Array(1));
  assert.equal(decision.values.length, 1);
  assert.throws(
    () => atariAgent(cores.ff, { observationShape: [10, 10, 3] }),
    /no network for uint8 observations of shape 10x10x3/,
  );
});

test('more active modules than modules is an error', () => {
  const core: CoreOptions = { kind: 'rim', modules: 2, units: 4, active: 3, ...rimDefaults(4) };
  assert.throws(() => atariAgent(core), /3 active modules of 2/);
});
