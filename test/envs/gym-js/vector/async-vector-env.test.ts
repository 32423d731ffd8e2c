import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type AnyEnv,
  AsyncVectorEnv,
  type AsyncVectorEnvOptions,
  type EnvironmentFailed,
  EnvSpec,
  type NamedEnv,
  register,
  type ResetResult,
  SyncVectorEnv,
  type VectorEnv,
} from 'gym-js';
import { Toy, type ToyArray } from '../toy-env.ts';
import { playVector, recorded } from '../traces.ts';
import { Broken } from './worker-envs.ts';

const module = new URL('./worker-envs.ts', import.meta.url).href;
const toy = new URL('../toy-env.ts', import.meta.url).href;

interface Single {
  toy: Toy;
  first: ResetResult<ToyArray>;
}

const named = (length: number): NamedEnv => ({
  id: new EnvSpec({ id: 'Toy-v0', entryPoint: `${toy}:Toy`, kwargs: { length } }),
});
const broken: NamedEnv = { id: new EnvSpec({ id: 'Broken-v0', entryPoint: `${module}:Broken` }) };

const open: { close(): Promise<void> }[] = [];
after(() => Promise.all(open.map((envs) => envs.close())));

async function create(envs: NamedEnv[], options?: AsyncVectorEnvOptions): Promise<AsyncVectorEnv<ToyArray, number>> {
  const made = await AsyncVectorEnv.create<ToyArray, number>(envs, options);
  open.push(made);
  return made;
}

for (const [mode, workers] of [
  ['nextStep', 2],
  ['sameStep', 3],
  ['disabled', 1],
] as const) {
  test(`${workers} threads give what Gymnasium gives: ${mode}`, async () => {
    const envs = await create([2, 3, 5].map(named), { autoresetMode: mode, workers });
    assert.deepEqual(await playVector(envs, mode), recorded.vector?.[mode]);
  });
}

test('observations that cannot be in shared memory are sent', async () => {
  const talker: NamedEnv = { id: new EnvSpec({ id: 'Talker-v0', entryPoint: `${module}:Talker` }) };
  const envs = await AsyncVectorEnv.create<string, number>([talker, talker], { workers: 2 });
  open.push(envs);
  assert.deepEqual((await envs.reset({ seed: 4 })).observations, ['seed 4', 'seed 5']);
  const one = await envs.reset({ seed: 7, options: { resetMask: [0, 1] } });
  assert.deepEqual(one.observations, ['seed 4', 'seed 8']);
});

test('ids are made in the thread by the module that registers them, with options and wrappers', async () => {
  const envs = await create([
    {
      id: `${module}:worker/Toy-v1`,
      options: { length: 9, maxEpisodeSteps: 2 },
      wrappers: [{ name: 'ClipReward', entryPoint: 'gym-js:ClipReward', kwargs: { maxReward: 0.5 } }],
    },
  ]);
  await envs.reset({ seed: 0 });
  const steps = [await envs.step(Int32Array.of(0)), await envs.step(Int32Array.of(0))];
  assert.deepEqual(
    steps.map(({ rewards, truncations }) => [rewards[0], truncations[0]]),
    [
      [0.5, 0],
      [-0.5, 1],
    ],
  );
  assert.deepEqual(await envs.call('length'), [9]);
  assert.equal((await envs.call('render')).length, 1);
});

test('an environment that throws is named, with what it threw', async () => {
  const envs = await create([named(4), broken, broken], { workers: 2 });
  await envs.reset({ seed: 0 });
  await assert.rejects(envs.step(Int32Array.of(0, 1, 1)), (error: EnvironmentFailed) => {
    assert.equal(error.message, 'environment 1: out of order');
    assert.equal(error.env, 1);
    const thrown = error.cause as Error;
    assert.equal(thrown.message, 'out of order\nand more');
    assert.match(thrown.stack ?? '', /at Broken\.step .*worker-envs\.ts/);
    assert.equal((thrown.cause as Error).message, 'no oil');
    return true;
  });
});

/** A step in which environment 1 fails, what the others show then, and the step after that. */
async function failing(envs: VectorEnv<ToyArray, number, ToyArray, Int32Array>): Promise<unknown[]> {
  const zeros = await envs.reset({ seed: 3, options: { resetMask: [0, 1, 0] } });
  await envs.reset({ seed: 3 });
  await assert.rejects(envs.step(Int32Array.of(0, 1, 2)), { message: 'environment 1: out of order' });
  const after = await envs.reset({ seed: [undefined, 9, undefined], options: { resetMask: [0, 1, 0] } });
  return [zeros.observations, after.observations, await envs.step(Int32Array.of(0, 0, 2))];
}

test('where one fails all others are stepped, here or in however many threads', async () => {
  const single = [3, 9, 5].map((seed) => {
    const toy = new Toy();
    return { toy, first: toy.reset({ seed }) };
  });
  const [left, reset, right] = single as [Single, Single, Single];
  const stepped = [left.toy.step(0).observation, reset.first.observation, right.toy.step(2).observation];
  const sync = new SyncVectorEnv<ToyArray, number>([() => new Toy(), () => new Broken(), () => new Toy()]);
  const [zeros, after, next] = (await failing(sync)) as [ToyArray, ToyArray, { rewards: Float64Array }];
  assert.deepEqual([...zeros].slice(0, 2), [0, 0], 'nothing was seen of the first');
  assert.deepEqual(after, Float32Array.from(stepped.flatMap((one) => [...one])));
  const rewards = [left.toy.step(0).reward, reset.toy.step(0).reward, right.toy.step(2).reward];
  assert.deepEqual([...next.rewards], rewards);
  for (const workers of [1, 2, 3]) {
    const envs = await create([named(4), broken, named(4)], { workers });
    assert.deepEqual(await failing(envs), [zeros, after, next], `${workers} threads`);
  }
});

test('an info that cannot be sent names its environment, and only that one fails', async () => {
  const envs = await create([named(4), broken, named(4)], { workers: 1 });
  await assert.rejects(envs.reset({ seed: 1, options: { secret: true } }), {
    env: 1,
    message: /^environment 1: .* could not be cloned\.$/,
  });
  const { observations } = await envs.reset({ seed: 2, options: { resetMask: [0, 1, 0] } });
  assert.deepEqual(observations.slice(4), new Toy().reset({ seed: 3 }).observation);
});

test('one that cannot close is named when all are closed; a call under way is told of it', async () => {
  const envs = await create([named(4), broken, broken], { workers: 3 });
  await envs.reset({ seed: 0, options: { stuck: true } });
  await assert.rejects(envs.close(), { name: 'EnvironmentFailed', message: 'environment 1: stuck' });
  await envs.close();

  const hanging = await create([broken]);
  const pending = assert.rejects(hanging.reset({ options: { hang: true } }), {
    name: 'ClosedEnvironmentError',
    message: 'the environments were closed before the call under way had ended',
  });
  await hanging.close();
  await pending;
});

test('a thread that dies or hangs is named, and closing still works', async () => {
  const envs = await create([named(4), broken], { workers: 1, timeout: 30 });
  await envs.reset({ seed: 0 });
  const dead = { name: 'EnvironmentFailed', message: 'environment 1: its thread ended with exit code 7' };
  await assert.rejects(envs.step(Int32Array.of(0, 2)), dead);
  await assert.rejects(envs.step(Int32Array.of(0, 0)), dead, 'and every call after it');
  await envs.close();
  await envs.close();
  await assert.rejects(envs.reset(), { name: 'ClosedEnvironmentError' });

  const hanging = await create([broken], { timeout: 2 });
  await hanging.reset({ options: { hang: false } });
  await assert.rejects(hanging.reset({ options: { hang: true } }), {
    message: 'environment 0: no answer within 2 s',
  });
  await hanging.close();
});

test('what a thread cannot get is refused', async () => {
  register({ id: 'worker/Function-v0', entryPoint: Toy });
  await assert.rejects(
    AsyncVectorEnv.create([{ id: 'worker/Function-v0' }]),
    /worker\/Function-v0: a thread cannot get its entry point, a function; register it as "module:export"/,
  );
  const wrappers = [{ name: 'W', entryPoint: (env: AnyEnv) => env }];
  await assert.rejects(AsyncVectorEnv.create([{ ...named(2), wrappers }]), /a thread cannot get the wrapper W/);
  await assert.rejects(AsyncVectorEnv.create([]), /at least one/);
  await assert.rejects(AsyncVectorEnv.create([named(2)], { workers: 2 }), /workers 2 is not a whole number from 1/);
  const envs = await create([named(4)]);
  await assert.rejects(envs.reset({ options: { f: () => 1 } }), /environment 0: .* could not be cloned/);
});

test('one call at a time', async () => {
  const envs = await create([named(4)]);
  const first = envs.reset({ seed: 0 });
  await assert.rejects(envs.step(Int32Array.of(0)), {
    name: 'AlreadyPendingCallError',
    message: 'step() while reset() is under way; await it first',
  });
  await first;
});

test('observations of several parts, written by threads, are those of Gymnasium', async () => {
  const mixed = { id: new EnvSpec({ id: 'Mixed-v0', entryPoint: `${toy}:Mixed` }) };
  const envs = await create([mixed, mixed], { workers: 2 });
  assert.deepEqual(await playVector(envs, 'nextStep', 2), recorded.mixedVector);
});
