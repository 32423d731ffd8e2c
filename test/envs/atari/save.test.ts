import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  AtariPool,
  type AtariPoolOptions,
  AtariVectorEnv,
  type AtariVectorOptions,
} from '../../../envs/atari/index.ts';
import { continueRandomly, playRandomly } from './play.ts';
import { playOn, Transcript } from './vector-play.ts';

describe('a saved pool goes on as if nothing had happened', { concurrency: 2 }, () => {
  const options = {
    ...{ game: 'Breakout', envs: 4, rolloutSteps: 24, seed: 3, workers: 2 },
    ...{ repeatActionProbability: 0.25, maxNumFramesPerEpisode: 200 },
  } satisfies AtariPoolOptions;

  for (const [workers, groups, rolloutSteps] of [
    [2, 1, 24],
    [3, 2, 24],
    [1, 1, 48],
  ] as const) {
    test(`with ${workers} workers, ${groups} groups and ${rolloutSteps} steps`, async () => {
      const pool = await AtariPool.create(options);
      const other = await AtariPool.create({ ...options, seed: 4, workers, groups, rolloutSteps });
      try {
        await playRandomly(pool, 2);
        const saved = await pool.save();
        assert.ok(saved.length < 4 * 60_000, `${saved.length} bytes`);
        await playRandomly(other, 1);
        await other.restore(saved);
        const size = 84 * 84 * 4;
        assert.deepEqual(other.observations.subarray(0, size), pool.observations.subarray(0, size));
        const expected = await continueRandomly(pool, 4, 48);
        const got = await continueRandomly(other, (4 * 24) / rolloutSteps, 48);
        const withoutEndStep = ({ endStep: _, ...game }: (typeof got.games)[number]): object => game;
        assert.ok(expected.games.length > 4);
        if (rolloutSteps === 24) assert.deepEqual(got, expected);
        else assert.deepEqual(new Set(got.games.map(withoutEndStep)), new Set(expected.games.map(withoutEndStep)));
      } finally {
        await Promise.all([pool.close(), other.close()]);
      }
    });
  }

  test('damaged and foreign saves are refused in one line, and change nothing', async () => {
    const pool = await AtariPool.create(options);
    const vector = await AtariVectorEnv.create({ game: 'Breakout', numEnvs: 1 });
    const twin = await AtariPool.create(options);
    try {
      await playRandomly(twin, 1);
      await playRandomly(pool, 1);
      const saved = await pool.save();
      const refused = async (bytes: Uint8Array, message: RegExp): Promise<void> =>
        assert.rejects(pool.restore(bytes), (error: Error) => {
          assert.equal(error.name, 'UserError');
          assert.match(error.message, message);
          return !error.message.includes('\n');
        });
      await refused(new Uint8Array(), /^these 0 bytes are no saved environments/);
      await refused(new TextEncoder().encode('rim'), /^these 3 bytes are no saved environments/);
      await refused(saved.subarray(0, 1000), /no saved environments|are damaged/);
      for (let i = 0; i < 20; i++) {
        const damaged = saved.slice();
        damaged[Math.floor((saved.length * (i + 0.5)) / 20)]! ^= 0x10;
        await refused(damaged, /are damaged|no saved environments/);
      }
      await vector.reset();
      await refused(await vector.save(), /of kind AtariVectorEnv; this one restores AtariPool$/);
      for (const [change, message] of [
        [{ game: 'Pong' }, /^environment 0 was saved of Breakout, this one plays Pong; open the same games$/],
        [{ envs: 3 }, /^4 environments were saved, this pool has 3; open as many$/],
        [{ repeatActionProbability: 0 }, /was saved with repeatActionProbability 0.25, this one has 0; open the same/],
      ] as const) {
        const differs = await AtariPool.create({ ...options, ...change });
        await assert.rejects(differs.restore(saved), { name: 'UserError', message });
        await differs.close();
      }
      assert.deepEqual(await continueRandomly(pool, 1, 24), await continueRandomly(twin, 1, 24));
    } finally {
      await Promise.all([pool.close(), vector.close(), twin.close()]);
    }
  });

  test('not while a step is under way', async () => {
    const pool = await AtariPool.create(options);
    try {
      await pool.reset();
      pool.send(0, 0, new Int32Array(4));
      await assert.rejects(pool.save(), /group 0 is still under way; wait for it before save\(\)/);
      await pool.wait(0);
      await pool.save();
    } finally {
      await pool.close();
    }
  });
});

describe('a saved vector goes on as if nothing had happened', { concurrency: 2 }, () => {
  const environments = [
    { game: 'Pong' },
    { game: 'Breakout', terminalOnLifeLoss: true },
    { game: 'Seaquest', frameSkip: 3 },
    { game: 'Breakout' },
    { game: 'MontezumaRevenge' },
  ];
  const options = { environments, repeatActionProbability: 0.25, maxNumFramesPerEpisode: 240, seed: 8 };

  for (const [autoresetMode, batchSize] of [
    ['nextStep', 5],
    ['sameStep', 2],
  ] as const) {
    test(`several games, ${autoresetMode}, batches of ${batchSize}, another number of workers`, async () => {
      const both: AtariVectorOptions = { ...options, autoresetMode, batchSize };
      const vector = await AtariVectorEnv.create({ ...both, workers: 2 });
      const other = await AtariVectorEnv.create({ ...both, workers: 3, seed: 1 });
      try {
        const transcript = new Transcript(5);
        const first = await vector.reset();
        transcript.add(first);
        const [sent, ...waiting] = (await playOn(vector, 150, first, transcript)).envIds;
        vector.send([1], [sent ?? 0]);
        const saved = await vector.save();
        const length = transcript.of.map((steps) => steps.length);

        // Both go on until every environment has made 60 more steps.
        const goOn = async (of: AtariVectorEnv, to: Transcript): Promise<void> => {
          while (to.of.some((steps, env) => steps.length < (length[env] ?? 0) + 60)) {
            const result = await of.recv();
            to.add(result);
            of.send(
              Int32Array.from(result.envIds, (env) => (env + to.steps(env)) % 18),
              result.envIds,
            );
          }
        };
        const copy = new Transcript(5);
        for (const [env, steps] of transcript.of.entries()) copy.of[env]?.push(...steps);
        const idle = await other.restore(saved);
        assert.deepEqual([...idle.envIds], waiting.toSorted());
        for (const of of [vector, other]) of.send(new Int32Array(waiting.length).fill(2), waiting);
        await goOn(vector, transcript);
        await goOn(other, copy);
        for (const [env, steps] of transcript.of.entries()) {
          assert.deepEqual(copy.of[env]?.slice(0, (length[env] ?? 0) + 60), steps.slice(0, (length[env] ?? 0) + 60));
        }
        const { message } = await other.restore(saved.slice(1)).then(
          () => assert.fail('it was taken'),
          (error: Error) => error,
        );
        assert.match(message, /no saved environments/);
      } finally {
        await Promise.all([vector.close(), other.close()]);
      }
    });
  }

  for (const autoresetMode of ['disabled', 'nextStep'] as const) {
    test(`${autoresetMode}: with an environment that waits for its reset`, async () => {
      const waits: AtariVectorOptions = {
        environments: [{ game: 'Breakout', terminalOnLifeLoss: true, fireReset: false }, { game: 'Pong' }],
        autoresetMode,
      };
      const vector = await AtariVectorEnv.create(waits);
      const other = await AtariVectorEnv.create({ ...waits, workers: 1 });
      try {
        let ended = await vector.reset().then(() => vector.step([1, 2]));
        while (ended.terminations[0] !== 1) ended = await vector.step([1, 2]);
        const restored = await other.restore(await vector.save());
        assert.deepEqual(restored, ended);
        if (autoresetMode === 'disabled') {
          assert.throws(() => other.send([1], [0]), /the episode of environment 0 is over/);
          const resetMask = [1, 0];
          const reset = await other.reset({ options: { resetMask } });
          assert.deepEqual(reset, await vector.reset({ options: { resetMask } }));
          assert.deepEqual(reset.observations, ended.observations, 'the same game goes on');
        }
        for (let i = 0; i < 5; i++) assert.deepEqual(await other.step([1, 2]), await vector.step([1, 2]));
      } finally {
        await Promise.all([vector.close(), other.close()]);
      }
    });
  }

  test('of another autoreset mode it is refused', async () => {
    const vector = await AtariVectorEnv.create({ game: 'Pong', numEnvs: 1 });
    const other = await AtariVectorEnv.create({ game: 'Pong', numEnvs: 1, autoresetMode: 'disabled' });
    try {
      const saved = await vector.save();
      await assert.rejects(other.restore(saved), {
        name: 'UserError',
        message: /autoresetMode nextStep, this one has dis/,
      });
      assert.equal((await vector.restore(saved)).envIds.length, 0, 'saved before the first reset');
      await vector.reset();
    } finally {
      await Promise.all([vector.close(), other.close()]);
    }
  });
});
