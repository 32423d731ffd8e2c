import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AtariPool, PreprocessedAtariEnv } from '../../../envs/atari/index.ts';
import { type AtariVectorOptions, vectorSetup } from '../../../envs/atari/vector-options.ts';

const refused = (options: object, message: RegExp): Promise<void> =>
  assert.rejects(vectorSetup({ game: 'Pong', ...options }), { name: 'UserError', message });

const seeds = async (options: AtariVectorOptions): Promise<number[]> =>
  (await vectorSetup({ game: 'Pong', ...options })).environments.map(({ seed }) => seed);

test('each environment has the seed that its entry says, else its turn of the vector', async () => {
  assert.deepEqual(await seeds({ numEnvs: 3, seed: 5 }), [5, 6, 7]);
  assert.deepEqual(await seeds({ environments: [{}, { seed: 90 }, {}], seed: 5 }), [5, 90, 7]);
  assert.deepEqual(await seeds({ environments: [{ seed: 3 }, {}], seed: [1, 2] }), [3, 2]);
});

test('what an entry leaves undefined is as the vector says, or as its defaults', async () => {
  const environments = [{ frameSkip: undefined }, { frameSkip: 3, fireReset: undefined }];
  const setup = await vectorSetup({ game: 'Pong', frameSkip: 2, environments });
  assert.deepEqual(
    setup.environments.map(({ options }) => [options.frameSkip, options.fireReset]),
    [
      [2, true],
      [3, true],
    ],
  );
});

test('options that there are not are refused, of the vector, of an entry and of a pool', async () => {
  await refused({ num_envs: 2 }, /^unknown option num_envs of AtariVectorEnv; did you mean "numEnvs"\?$/);
  await refused({ continuous: true }, /^unknown option continuous of AtariVectorEnv/);
  await refused(
    { environments: [{}, { frame_skip: 2 }] },
    /^unknown option frame_skip of environments\[1\]; .*"frameSkip"/,
  );
  await refused({ environments: [{ numEnvs: 2 }] }, /^unknown option numEnvs of environments\[0\]/);
  await refused({ environments: [{ fireReset: 'false' }] }, /^fireReset "false" is no switch/);
  const pool = { game: 'Pong', envs: 1, rolloutSteps: 1, seed: 1 };
  const wrong = { ...pool, noopmax: 3 } as unknown as typeof pool;
  await assert.rejects(AtariPool.create(wrong), { message: /^unknown option noopmax of AtariPool; .*"noopMax"\?$/ });
  await assert.rejects(AtariPool.create({ ...pool, seed: -1 }), { name: 'UserError', message: /^seed -1/ });
});

test('a seed of more than 31 bits is refused by all alike, before anything is played', async () => {
  const message = /^seed 1099511627776 is out of range; give a whole number from 0 to 2147483647$/;
  await refused({ seed: 2 ** 40 }, message);
  await refused({ environments: [{ seed: 2 ** 40 }] }, message);
  for (const seeding of ['gymnasium', 'ale'] as const) {
    const error = { name: 'UserError', message };
    await assert.rejects(PreprocessedAtariEnv.create({ game: 'Pong', seeding, seed: 2 ** 40 }), error);
    const env = await PreprocessedAtariEnv.create({ game: 'Pong', seeding });
    assert.throws(() => env.reset({ seed: 2 ** 40 }), error);
    env.close();
  }
});
