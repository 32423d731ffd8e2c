// Prints, as JSON, hashes of what the same updates gave, time after time, per network.
// Arguments: threads, times, kernels.
import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';
import { ActorCritic } from '../../agents/actor-critic.ts';
import { coreKinds } from '../../agents/cores/options.ts';
import { loadTensorFlow } from '../../agents/kernels/backend.ts';
import { selectKernels } from '../../agents/kernels/index.ts';
import { newOptimiserState, Optimiser, type OptimiserState } from '../../agents/optimiser.ts';
import { Random } from '../../agents/random.ts';
import type { RolloutEnvironment } from '../../envs/rollout-environment.ts';
import { coreOptions } from '../../src/settings/core-settings.ts';
import { ppoOptions } from '../../src/ppo/config.ts';
import { Learner } from '../../src/ppo/learner.ts';
import type { Rollout } from '../../src/ppo/rollout.ts';
import { tasks } from '../../src/tasks/index.ts';
import type { TrainingSettings } from '../../src/tasks/settings.ts';

const [threads = '1', times = '10', kernelsName = 'native'] = process.argv.slice(2);
await loadTensorFlow({ threads: Number(threads) });
const portable = kernelsName === 'portable';
const choice = portable ? 'portable' : 'native';

/** Sizes of Atari's runs; portable kernels, 20 to 50 times slower, get small ones. */
const sizes = portable
  ? { envs: 2, rollout: 8, features: 64, modules: 3, units: 16, active: 2, hidden: 32, layers: '2x8:1,2x8:1' }
  : { envs: 4, rollout: 64 };

/** One PPO update, two minibatches, on observations, actions and rewards that are always the same. */
async function ppoUpdate(core: string, shape: readonly number[], precision: 'float32' | 'bf16'): Promise<string> {
  const options = ppoOptions.parse({ ...sizes, core, epochs: 1, minibatches: 2 });
  const [random, actions] = [new Random(1), 6];
  const kernels = selectKernels(choice, precision);
  const observationType = shape.length === 3 ? 'uint8' : 'float32';
  const network = { observationShape: shape, observationType, actions, features: options.features } as const;
  const agent = new ActorCritic({ ...network, core: coreOptions(options) }, kernels);
  const cells = options.envs * options.rollout;
  const reals = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const bits = (): Uint8Array => Uint8Array.from({ length: cells }, () => Number(random.uniform() < 0.03));
  const length = options.envs * (options.rollout + 1) * shape.reduce((a, b) => a * b, 1);
  const noise = reals(length);
  const env = {
    ...{ count: options.envs, rolloutSteps: options.rollout, rewards: reals(cells) },
    ...{ terminated: bits(), truncated: new Uint8Array(cells) },
    observations: observationType === 'uint8' ? Uint8Array.from(noise, (x) => 128 + 60 * x) : noise,
  } as unknown as RolloutEnvironment;
  const rollout: Rollout = {
    actions: Int32Array.from({ length: cells }, () => random.integer(actions)),
    ...{ logProbabilities: new Float32Array(cells).fill(-Math.log(actions)), values: reals(cells) },
    ...{
      keep: Float32Array.from(bits(), (bit) => 1 - bit),
      finalValues: reals(cells),
      lastValues: reals(options.envs),
    },
    initialStates: agent.core.stateWidths.map((width) => reals(options.envs * width)),
  };
  const learner = new Learner(agent, kernels, options, random, newOptimiserState(agent.layout, random));
  const statistics = await learner.update(env, rollout, 1e-3);
  return hashed(learner.state(), JSON.stringify(statistics));
}

/** The first two updates of a sequence task. @returns a function that makes them */
async function taskUpdates(name: string, core: string): Promise<() => Promise<string>> {
  const task = tasks.find((one) => one.name === name);
  if (!task) throw new Error(`no task ${name}`);
  const small = { modules: 4, units: 32, active: 2, hidden: 64, layers: '2x16:1,2x16:1', batch: portable ? 2 : 8 };
  const settings = task.settings.parse({ ...small, core }) as unknown as TrainingSettings;
  const kernels = selectKernels(choice);
  const experiment = await task.open(settings, kernels);
  const start = structuredClone(experiment.save?.());
  return async () => {
    experiment.restore?.(structuredClone(start));
    const random = new Random(1);
    const optimiser = new Optimiser(experiment.layout, kernels, settings, newOptimiserState(experiment.layout, random));
    for (let update = 0; update < 2; update++) {
      const batch = experiment.nextBatch(random);
      optimiser.step((parameters) => experiment.loss(parameters, batch, random.integer(2 ** 32)), 1e-3);
    }
    const result = hashed(optimiser.state(), '');
    optimiser.dispose();
    return result;
  };
}

/** TensorFlow's own operations that bouncing balls uses, at its sizes: 400 frames. */
function operations(): Record<string, () => tf.Tensor> {
  const random = new Random(1);
  const drawn = <R extends tf.Rank>(...shape: number[]): tf.Tensor<R> =>
    tf.tensor(
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
      shape as never,
    );
  const [x, filter] = [drawn<tf.Rank.R4>(400, 16, 16, 16), drawn<tf.Rank.R4>(4, 4, 16, 32)];
  const dy = drawn<tf.Rank.R4>(400, 8, 8, 32);
  const [tall, weights, dtall] = [drawn<tf.Rank.R2>(102_400, 16), drawn<tf.Rank.R2>(16, 16), drawn(102_400, 16)];
  const convolved = (filter: tf.Tensor): tf.Tensor => tf.conv2d(x, filter as tf.Tensor4D, 2, 'same');
  return {
    Conv2D: () => convolved(filter),
    Conv2DBackpropInput: () => tf.conv2dTranspose(dy, filter, [400, 16, 16, 16], 2, 'same'),
    Conv2DBackpropFilter: () => tf.grad((filter) => tf.sum(tf.mul(convolved(filter), dy)))(filter),
    'MatMul, summing over 16': () => tf.matMul(tall, weights),
    'MatMul, summing over 102,400': () => tf.matMul(tall, dtall as tf.Tensor2D, true, false),
    'Sum, of 102,400 rows': () => tf.sum(tall, 0),
    'Sum, to one number': () => tf.sum(tall),
  };
}

function hashed({ parameters, m, v }: OptimiserState, told: string): string {
  const hash = createHash('sha256').update(told);
  for (const part of [parameters, m, v]) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}

const cases: Record<string, () => Promise<string>> = {};
for (const core of coreKinds) {
  cases[`${core} on frames`] = () => ppoUpdate(core, [84, 84, 4], 'float32');
  if (!portable && core !== 'brim') cases[`${core} on frames, bf16`] = () => ppoUpdate(core, [84, 84, 4], 'bf16');
  cases[`${core} on vectors`] = () => ppoUpdate(core, [9], 'float32');
}
for (const [task, core] of [
  ['copying', 'rim'],
  ['adding', 'lstm'],
  ['bouncing-balls', 'gru'],
  ['language-model', 'brim'],
] as const)
  cases[`${task} with ${core}`] = await taskUpdates(task, core);

for (const [name, operation] of Object.entries(operations()))
  cases[name] = async () => {
    const result = operation();
    const hash = createHash('sha256').update(result.dataSync() as Float32Array);
    result.dispose();
    return hash.digest('hex').slice(0, 16);
  };

const found: Record<string, string[]> = {};
for (let time = 0; time < Number(times); time++)
  for (const [name, run] of Object.entries(cases)) (found[name] ??= []).push(await run());
process.stdout.write(JSON.stringify(found));
