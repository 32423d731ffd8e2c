import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type AnyEnv, AsyncVectorEnv, type AsyncVectorEnvOptions, EnvSpec, type NamedEnv, register } from 'gym-js';
import { Toy, type ToyArray } from '../toy-env.ts';
import { playVector, recorded } from '../traces.ts';

const module = new URL('./worker-envs.ts', import.meta.url).href;
const toy = new URL('../toy-env.ts', import.meta.url).href;

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

test('an environment that throws is named; the vector goes on', async () => {
  const envs = await create([named(4), broken, named(4)], { workers: 2 });
  await envs.reset({ seed: 0 });
  await assert.rejects(envs.step(Int32Array.of(0, 1, 0)), {
    name: 'EnvironmentFailed',
    message: 'environment 1: out of order',
    env: 1,
  });
  await envs.reset({ seed: 0 });
  await envs.step(Int32Array.of(0, 0, 0));
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
