import * as tf from '@tensorflow/tfjs';
import { ActorCritic } from '../../agents/actor-critic.ts';
import { createCore } from '../../agents/cores/index.ts';
import { coreKinds, type CoreKind } from '../../agents/cores/options.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import type { ParameterSpec } from '../../agents/parameters.ts';
import { Random } from '../../agents/random.ts';
import { natureCnn } from '../../agents/torsos/nature-cnn.ts';
import type { RolloutEnvironment } from '../../envs/rollout-environment.ts';
import { coreOptions } from '../../src/settings/core-settings.ts';
import { ppoOptions } from '../../src/ppo/config.ts';
import { Learner } from '../../src/ppo/learner.ts';
import type { Rollout } from '../../src/ppo/rollout.ts';
import type { Stage } from './stopwatch.ts';

const [envs, batch, steps, features, actions] = [8, 2, 128, 510, 4];
const samples = batch * steps;
const observationShape = [84, 84, 4];
const random = new Random(1);

/** The stages of a minibatch of Breakout, and acting, by name, with these kernels. TensorFlow must be loaded. */
export function ourStages(kernels: Kernels): Map<string, Stage> {
  const stages = new Map<string, Stage>();
  const once = (name: string, run: Stage['run']): unknown => stages.set(name, { run, parts: 1 });
  once('torso', torsoStage(kernels));
  for (const kind of coreKinds) if (kind !== 'ff') once(`core ${kind}`, coreStage(kernels, kind));
  once('heads and loss', headsStage(kernels));
  once('optimiser', optimiserStage(kernels));
  for (const kind of coreKinds) stages.set(`minibatch ${kind}`, minibatchStage(kernels, kind));
  for (const kind of coreKinds) stages.set(`acting ${kind}`, actingStage(kernels, kind));
  return stages;
}

function draw(shape: readonly number[], deviation = 1): tf.Tensor {
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => deviation * random.normal()),
    [...shape],
  );
}

/** Parameters that a part of the network begins with. */
function firstParameters(specs: readonly ParameterSpec[]): tf.Tensor[] {
  return specs.map(({ shape, initializer }) => tf.tensor(initializer(shape, random), [...shape]));
}

function named(specs: readonly ParameterSpec[], tensors: readonly tf.Tensor[]): Record<string, tf.Tensor> {
  return Object.fromEntries(specs.map(({ name }, i) => [name, tensors[i] as tf.Tensor]));
}

/** Runs forward and backward and waits for the end. @param upstream gradient of the output, 1 if not given */
function gradientStage(
  compute: (...tensors: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  upstream?: tf.Tensor,
): () => void {
  const gradients = tf.grads(compute);
  return () =>
    tf.tidy(() => {
      gradients(inputs, upstream).at(-1)?.dataSync();
    });
}

function bytes(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (Math.imul(i, 2654435761) >>> 24) & 255);
}

function torsoStage(kernels: Kernels): () => void {
  const torso = natureCnn(kernels, 4, features);
  const frames = kernels.uint8Tensor(bytes(samples * 84 * 84 * 4), [samples, ...observationShape]);
  return gradientStage(
    (...parameters) => torso.apply(named(torso.parameters, parameters), frames),
    firstParameters(torso.parameters),
    draw([samples, features]),
  );
}

function coreStage(kernels: Kernels, kind: CoreKind): () => void {
  const core = createCore(coreOptions(ppoOptions.parse({ core: kind })), kernels, features);
  const states = core.stateWidths.map((width) => tf.zeros<tf.Rank.R2>([batch, width]));
  const keep = tf.tensor2d(
    keeps(batch, (_, t) => t),
    [steps, batch],
  );
  return gradientStage(
    (x, ...parameters) => core.sequence(named(core.parameters, parameters), x as tf.Tensor3D, states, keep).output,
    [draw([steps, batch, features]), ...firstParameters(core.parameters)],
    draw([steps, batch, core.outputSize]),
  );
}

function headsStage(kernels: Kernels): () => void {
  const options = ppoOptions.parse({});
  const inputs = {
    actions: tf.tensor1d(chosenActions(samples), 'int32'),
    oldLogProbabilities: tf.fill<tf.Rank.R1>([samples], -1.4),
    oldValues: draw([samples]) as tf.Tensor1D,
    advantages: draw([samples]) as tf.Tensor1D,
    returns: draw([samples]) as tf.Tensor1D,
  };
  return gradientStage(
    (...tensors) => {
      const [hidden, weights, bias, valueWeights, valueBias] = tensors as [
        ...[tf.Tensor3D, tf.Tensor2D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D],
      ];
      const value = { weights: valueWeights, bias: valueBias };
      const { logits, values } = kernels.heads(hidden, { weights, bias }, value);
      return kernels.ppoLoss(logits, values, inputs, options).loss;
    },
    [draw([steps, batch, features]), draw([features, actions], 0.01), draw([actions]), draw([features, 1]), draw([1])],
  );
}

function network(kernels: Kernels, kind: CoreKind): ActorCritic {
  const core = coreOptions(ppoOptions.parse({ core: kind }));
  return new ActorCritic({ observationShape, observationType: 'uint8', actions, features, core }, kernels);
}

function optimiserStage(kernels: Kernels): () => void {
  const { size } = network(kernels, 'rim').layout;
  const [parameters, gradients, m, v] = [draw([size]), draw([size]), tf.zeros([size]), tf.zeros([size])] as [
    tf.Tensor1D,
    ...tf.Tensor1D[],
  ] as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
  const { learningRate, maxGradNorm: maxNorm, adamEpsilon: epsilon } = ppoOptions.parse({});
  return () => {
    const settings = { learningRate, step: 1, maxNorm, beta1: 0.9, beta2: 0.999, epsilon };
    const stepped = kernels.clipAdam({ parameters, gradients, m, v, ...settings });
    stepped.norm.dataSync();
    tf.dispose({ ...stepped });
  };
}

/** The learner's own minibatches: one pass over a rollout. */
function minibatchStage(kernels: Kernels, kind: CoreKind): Stage {
  const options = ppoOptions.parse({ core: kind, epochs: 1 });
  const agent = network(kernels, kind);
  const { size } = agent.layout;
  const start = {
    parameters: agent.layout.initial(random),
    m: new Float32Array(size),
    v: new Float32Array(size),
    adamStep: 0,
  };
  const learner = new Learner(agent, kernels, options, random, start);
  const [env, rollout] = [playedEnvironment(), playedRollout(agent.core.stateWidths)];
  return { run: () => learner.update(env, rollout, options.learningRate), parts: options.minibatches };
}

/** Steps of all environments, each from frames to what the network says in plain arrays. */
function actingStage(kernels: Kernels, kind: CoreKind): Stage {
  const agent = network(kernels, kind);
  const flat = tf.tensor1d(agent.layout.initial(random));
  const parameters = agent.layout.named(agent.layout.split(flat));
  const frames = bytes(envs * 84 * 84 * 4);
  const keep = new Float32Array(envs).fill(1);
  let states: readonly Float32Array[] = agent.core.stateWidths.map((width) => new Float32Array(envs * width));
  const parts = 50;
  const run = (): void => {
    for (let step = 0; step < parts; step++) ({ states } = agent.act(parameters, frames, states, keep));
  };
  return { run, parts };
}

function playedRollout(stateWidths: readonly number[]): Rollout {
  const cells = envs * steps;
  return {
    actions: chosenActions(cells),
    logProbabilities: new Float32Array(cells).fill(-1.4),
    values: new Float32Array(cells),
    keep: keeps(envs, (i) => i % steps),
    finalValues: new Float32Array(cells),
    lastValues: new Float32Array(envs),
    initialStates: stateWidths.map((width) => new Float32Array(envs * width)),
  };
}

/** What a rollout left behind. It cannot be stepped. */
function playedEnvironment(): RolloutEnvironment {
  const cells = envs * steps;
  const pixels = 84 * 84 * 4;
  const over = async (): Promise<never> => Promise.reject(new Error('this rollout has been played'));
  return {
    ...{ count: envs, groups: 1, rolloutSteps: steps, actions, actionMeanings: [], recipe: '', versions: {} },
    ...{ observationShape, observationType: 'uint8', observations: bytes(envs * (steps + 1) * pixels) },
    rewards: Float32Array.from({ length: cells }, (_, i) => (i % 37 === 0 ? 1 : 0)),
    terminated: new Uint8Array(cells),
    truncated: new Uint8Array(cells),
    finalObservations: new Uint8Array(envs * pixels),
    ...{ save: over, restore: over },
    ...{ reset: over, wait: over, close: async () => {}, send: () => {}, rollover: () => {}, takeEpisodes: () => [] },
  };
}

function chosenActions(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => Math.imul(i, 7919) % actions);
}

/** 1, but 0 in the middle of each sequence. @param time step of cell i of (steps * sequences) */
function keeps(sequences: number, time: (i: number, t: number) => number): Float32Array {
  return Float32Array.from({ length: steps * sequences }, (_, i) =>
    time(i, Math.floor(i / sequences)) === steps / 2 ? 0 : 1,
  );
}
