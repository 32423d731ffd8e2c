import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EnvSpec, SyncVectorEnv, VectorWrapper } from 'gym-js';
import { Toy, type ToyArray } from '../toy-env.ts';

test('a wrapper that overrides nothing is its vector', async () => {
  const create = (): SyncVectorEnv<ToyArray, number> =>
    new SyncVectorEnv<ToyArray, number>([2, 3].map((length) => () => new Toy({ length, renderMode: 'ansi' })));
  const [inner, other] = [create(), create()];
  inner.spec = new EnvSpec({ id: 'Toy-v0', entryPoint: Toy });
  const envs = new VectorWrapper(inner);
  const names = ['numEnvs', 'metadata', 'renderMode', 'spec', 'observationSpace', 'actionSpace'] as const;
  for (const name of [...names, 'singleObservationSpace', 'singleActionSpace'] as const) {
    assert.equal(envs[name], inner[name]);
  }
  assert.deepEqual(await envs.reset({ seed: 3 }), await other.reset({ seed: 3 }));
  assert.deepEqual(await envs.step(Int32Array.of(1, 2)), await other.step(Int32Array.of(1, 2)));
  assert.deepEqual(await envs.render(), ['step 1', 'step 1']);
  assert.deepEqual(await envs.call('length'), [2, 3]);
  await envs.close();
  await assert.rejects(envs.call('length'), { name: 'ClosedEnvironmentError' });
});
