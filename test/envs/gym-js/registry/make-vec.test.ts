import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  type AnyEnv,
  AsyncVectorEnv,
  ClipReward,
  envName,
  makeVec,
  register,
  registry,
  setWarningHandler,
  SyncVectorEnv,
} from 'gym-js';
import { Toy, type ToyArray } from '../toy-env.ts';

const heard: string[] = [];
setWarningHandler((message) => heard.push(message));

afterEach(() => {
  registry.clear();
  heard.length = 0;
});

const entryPoint = `${new URL('../toy-env.ts', import.meta.url).href}:Toy`;

test('sync is the default; wrappers go around each environment, arguments into it', async () => {
  register({ id: 'Toy-v0', entryPoint: Toy, kwargs: { length: 5 }, maxEpisodeSteps: 2 });
  const envs = await makeVec<ToyArray, number>('Toy-v0', {
    numEnvs: 2,
    length: 6,
    vectorKwargs: { autoresetMode: 'sameStep' },
    wrappers: [(env) => new ClipReward(env, { maxReward: 0 })],
  });
  assert.ok(envs instanceof SyncVectorEnv);
  assert.equal(envs.metadata.autoresetMode, 'sameStep');
  assert.equal(
    envName(envs.envs[0] ?? new Toy()),
    '<ClipReward<TimeLimit<OrderEnforcing<PassiveEnvChecker<Toy<Toy-v0>>>>>>',
  );
  assert.deepEqual(await envs.call('length'), [6, 6]);
  const again = await makeVec(envs.spec ?? '');
  assert.equal(again.numEnvs, 2, 'its spec makes the same vector again');
  assert.deepEqual(await (again as SyncVectorEnv<ToyArray, number>).call('length'), [6, 6]);
  assert.equal(again.metadata.autoresetMode, 'sameStep');
});

test('async makes threads', async () => {
  register({ id: 'Toy-v0', entryPoint });
  const wrappers = [{ name: 'ClipReward', entryPoint: 'gym-js:ClipReward', kwargs: { maxReward: 0 } }];
  const envs = await makeVec('Toy-v0', { numEnvs: 2, vectorizationMode: 'async', wrappers, length: 6 });
  assert.ok(envs instanceof AsyncVectorEnv);
  await envs.reset({ seed: 0 });
  assert.deepEqual(await envs.call('length'), [6, 6]);
  await envs.close();
  const options = { vectorizationMode: 'async', wrappers: [(env: AnyEnv) => env] } as const;
  await assert.rejects(makeVec('Toy-v0', options), /wrapper functions cannot be sent to threads/);
});

test('a vector entry point is taken first, and gets the number of environments and the limit', async () => {
  const given: unknown[] = [];
  const vectorEntryPoint = (kwargs: { numEnvs: number }): SyncVectorEnv<ToyArray, number> => {
    given.push(kwargs);
    return new SyncVectorEnv(Array.from({ length: kwargs.numEnvs }, () => () => new Toy()));
  };
  register({ id: 'Own-v0', entryPoint: Toy, vectorEntryPoint, maxEpisodeSteps: 8 });
  assert.equal((await makeVec('Own-v0', { numEnvs: 3, color: 'red' })).numEnvs, 3);
  assert.deepEqual(given, [{ numEnvs: 3, color: 'red', maxEpisodeSteps: 8 }]);
  await assert.rejects(makeVec('Own-v0', { wrappers: [(env) => env] }), /a vector of its own, which takes no/);
  assert.ok((await makeVec('Own-v0', { vectorizationMode: 'sync' })) instanceof SyncVectorEnv);
});

test('what cannot be is refused', async () => {
  register({ id: 'Toy-v0', entryPoint: Toy });
  await assert.rejects(makeVec('Toy-v0', { numEnvs: 0 }), /numEnvs 0 is not 1 or more/);
  await assert.rejects(
    makeVec('Toy-v0', { vectorizationMode: 'warp' as 'sync' }),
    /vectorizationMode "warp" is not one of sync, async, vectorEntryPoint/,
  );
  await assert.rejects(makeVec('Toy-v0', { vectorizationMode: 'vectorEntryPoint' }), /no entry point for this/);
  await assert.rejects(
    makeVec('Toy-v0', { vectorKwargs: { workers: 2 } }),
    /vectorKwargs "workers" is not one of autoresetMode, which mode "sync" knows/,
  );
  const vectorKwargs = { auto: 'sameStep' } as object;
  await assert.rejects(makeVec('Toy-v0', { vectorizationMode: 'async', vectorKwargs }), /vectorKwargs "auto"/);
});
