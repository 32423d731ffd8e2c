import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AutoresetMode, SyncVectorEnv, VectorRecordEpisodeStatistics } from 'gym-js';
import { Mixed, Toy } from '../toy-env.ts';
import { playVector, recorded } from '../traces.ts';

const create = (
  autoresetMode: AutoresetMode,
): SyncVectorEnv<Toy['observationSpace'] extends never ? never : unknown, number> =>
  new SyncVectorEnv<unknown, number>(
    [2, 3, 5].map((length) => () => new Toy({ length })),
    { autoresetMode },
  );

for (const mode of ['nextStep', 'sameStep', 'disabled'] as const) {
  test(`observations, rewards, end marks and infos are Gymnasium's: ${mode}`, async () => {
    const envs = create(mode);
    assert.equal(envs.metadata.autoresetMode, mode);
    assert.deepEqual(await playVector(envs, mode), recorded.vector?.[mode]);
  });
}
