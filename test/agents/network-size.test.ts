import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { ActorCritic, type AgentOptions } from '../../agents/actor-critic.ts';
import { type CoreOptions, rimDefaults, type RimOptions } from '../../agents/cores/options.ts';
import { portableKernels } from '../../agents/kernels/portable/index.ts';
import { networkSize } from '../../agents/network-size.ts';
import { Random } from '../../agents/random.ts';

const layer = (modules: number, units: number, active = modules, other: Partial<RimOptions> = {}): RimOptions => ({
  ...{ ...rimDefaults(units), modules, units, active, inputKey: 5, inputValue: 7, commKey: 3, commValue: 6 },
  ...other,
});
const rim = (active: number, other: Partial<RimOptions> = {}): CoreOptions => ({
  kind: 'rim',
  ...layer(4, 6, active, other),
});
const plain: AgentOptions = {
  ...{ observationShape: [9], observationType: 'float32', actions: 3, features: 12 },
  core: { kind: 'ff' },
};
const pictures = { observationShape: [84, 84, 3], observationType: 'uint8' } as const;

const networks: Readonly<Record<string, AgentOptions>> = {
  'ff over a vector': plain,
  'ff over pictures': { ...plain, ...pictures },
  lstm: { ...plain, core: { kind: 'lstm', units: 11 } },
  gru: { ...plain, core: { kind: 'gru', units: 11 } },
  rim: { ...plain, core: rim(4) },
  'rim, gru dynamics, two heads, gate': {
    ...plain,
    core: rim(4, { rnn: 'gru', inputHeads: 2, commHeads: 2, commGate: true }),
  },
  'rim, input in pieces': { ...plain, core: rim(4, { inputElements: 3 }) },
  'rim without communication': { ...plain, core: rim(4, { communication: false }) },
  brim: { ...plain, core: { kind: 'brim', layers: [layer(3, 4), layer(2, 5), layer(4, 2)] } },
};

for (const [name, options] of Object.entries(networks))
  test(`size of ${name}: what is laid out, and what tfjs multiplies when it acts`, async () => {
    await tf.setBackend('cpu');
    const agent = new ActorCritic(options, portableKernels);
    const size = networkSize(options);
    assert.equal(size.parameters, agent.layout.size);
    assert.equal(size.multiplyAdds, await countedMultiplyAdds(agent));
  });

test('a RIM of which few modules are active steps and listens with these alone', () => {
  const at = (active: number, other: Partial<RimOptions> = {}): number =>
    networkSize({ ...plain, core: rim(active, other) }).multiplyAdds;
  // One module more: its gates from what it read (7) and from its 6 units, its query, its reading of 4 modules, its
  // output of 6.
  const dynamics = (7 + 6) * 4 * 6;
  const listening = 6 * 12 + 4 * (12 + 24) + 24 * 6;
  assert.equal(at(3) - at(2), dynamics + listening);
  // Where others read what an inactive module would step to, all step.
  assert.equal(at(3, { readInactive: 'candidate' }) - at(2, { readInactive: 'candidate' }), listening);
  assert.equal(at(3, { communication: false }) - at(2, { communication: false }), dynamics);
});

/** What the products, convolutions and weighted sums of one step need, by the shapes that tfjs' kernels are given. */
async function countedMultiplyAdds(agent: ActorCritic): Promise<number> {
  const flat = tf.tensor1d(agent.layout.initial(new Random(1)));
  const parameters = agent.layout.named(agent.layout.split(flat));
  const { observationShape, observationType } = agent.options;
  const length = observationShape.reduce((a, b) => a * b, 1);
  const observation = observationType === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
  const states = agent.core.stateWidths.map((width) => new Float32Array(width));
  const { kernels } = await tf.profile(() => {
    agent.act(parameters, observation, states, new Float32Array([1]));
    return tf.scalar(0);
  });
  return kernels.reduce(
    (sum, { name, inputShapes, outputShapes }) =>
      sum + multiplyAddsOf(name, inputShapes as number[][], outputShapes[0] as number[]),
    0,
  );
}

function multiplyAddsOf(name: string, [a = [], b = []]: readonly number[][], output: readonly number[]): number {
  if (name === 'BatchMatMul') return size(a) * (output.at(-1) as number);
  if (name === 'Conv2D') return size(output) * size(b.slice(0, 3)); // a filter is (height, width, channels, filters)
  // In portable kernels, products of queries with keys and of weights with values, by heads, are element by element.
  if (name === 'Multiply' && output.length === 4) return size(output);
  return 0;
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
