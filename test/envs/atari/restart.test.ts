import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AtariPool, type AtariPoolOptions } from '../../../envs/atari/index.ts';
import { breakWorkers, entry, killNewestWorker, mendWorkers } from './broken.ts';
import { playRandomly, randomAction } from './play.ts';

const options = {
  ...{ game: 'Breakout', envs: 4, workers: 2, rolloutSteps: 32, seed: 9, snapshotEvery: 10 },
  ...{ repeatActionProbability: 0.25, maxNumFramesPerEpisode: 150 },
} satisfies AtariPoolOptions;

/** Bytes of an observation. */
const row = 84 * 84 * 4;

describe('a worker that broke is restarted, and nobody can tell', () => {
  const undisturbed = (async () => {
    const pool = await AtariPool.create(options);
    const played = await playRandomly(pool, 3);
    await pool.close();
    return played;
  })();

  for (const how of ['throw', 'exit', 'hang']) {
    for (const groups of [1, 2]) {
      test(`it ${how}s, ${groups} groups`, async () => {
        const expected = await undisturbed;
        breakWorkers(how, 75, 1);
        const pool = await AtariPool.create({ ...options, groups, stepLimit: how === 'hang' ? 2 : 60 }, entry);
        mendWorkers();
        let restarts = 0;
        const stubborn = new Proxy(pool, {
          get(target, name) {
            const value: unknown = Reflect.get(target, name, target);
            if (name !== 'wait') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
            return async (group: number) =>
              target.wait(group).catch(async (error: Error) => {
                assert.match(error.message, /^Breakout, environment [13] /);
                restarts += 1;
                await target.restart();
                await target.wait(group);
              });
          },
        });
        try {
          assert.deepEqual(await playRandomly(stubborn, 3), expected);
          assert.equal(restarts, 1);
        } finally {
          await pool.close();
        }
      });
    }
  }

  test('between two steps, before the first snapshot and after it the same worker again', async () => {
    const expected = await undisturbed;
    const pool = await AtariPool.create(options);
    try {
      await pool.reset();
      const actions = (t: number): Int32Array => Int32Array.from({ length: 4 }, (_, e) => randomAction(e, t, 4));
      for (let t = 0; t < 32; t++) {
        if (t === 3) await pool.restart(); // none has failed
        if (t === 5 || t === 20) await killNewestWorker();
        pool.send(0, t, actions(t));
        if (t === 5 || t === 20) {
          await assert.rejects(pool.wait(0), /exit code 1; go on from the last checkpoint/);
          await pool.restart();
        }
        await pool.wait(0);
      }
      assert.deepEqual([...pool.rewards], expected.rewards[0]);
      assert.deepEqual([...pool.truncated], expected.truncated[0]);
    } finally {
      await pool.close();
    }
  });

  test('one that breaks again says so', async () => {
    breakWorkers('throw', 20);
    const pool = await AtariPool.create(options, entry);
    try {
      await assert.rejects(playRandomly(pool, 1), /the cartridge melted/);
      breakWorkers('load', 0);
      await assert.rejects(pool.restart(), {
        name: 'UserError',
        message: /^Breakout, environments \d, \d .*: no such thing/,
      });
      await assert.rejects(pool.wait(0), /the cartridge melted/);
      mendWorkers();
      await pool.restart();
      await pool.wait(0);
    } finally {
      mendWorkers();
      await pool.close();
    }
    await assert.rejects(pool.wait(0), /no step under way|closed/);
  });

  test('after restore()', async () => {
    const [pool, twin] = [await AtariPool.create(options), await AtariPool.create(options)];
    try {
      await playRandomly(twin, 1);
      await pool.restore(await twin.save());
      const first = Int32Array.of(1, 2, 3, 0);
      for (const t of [0, 1, 2]) {
        twin.send(0, t, first);
        await twin.wait(0);
        if (t === 1) await killNewestWorker();
        pool.send(0, t, first);
        if (t === 1) {
          await assert.rejects(pool.wait(0), /^UserError: Breakout, environments 1, 3 .* exit code 1/);
          await pool.restart();
        }
        await pool.wait(0);
        assert.deepEqual(pool.observations.subarray(0, row * (t + 2)), twin.observations.subarray(0, row * (t + 2)));
      }
      assert.deepEqual(pool.takeEpisodes(), twin.takeEpisodes());
      assert.deepEqual(await pool.save(), await twin.save());
    } finally {
      await Promise.all([pool.close(), twin.close()]);
    }
  });

  test('not where no snapshots were asked for, as a trainer has it', async () => {
    const { snapshotEvery: _, ...left } = options;
    const pool = await AtariPool.create(left);
    try {
      await playRandomly(pool, 1);
      await pool.restart(); // none has failed
      await killNewestWorker();
      pool.send(0, 0, new Int32Array(4));
      await assert.rejects(pool.wait(0), /exit code 1; go on from the last checkpoint/);
      await assert.rejects(pool.restart(), {
        name: 'UserError',
        message: /^snapshotEvery is 0, .* snapshotEvery 1000$/,
      });
    } finally {
      await pool.close();
    }
  });
});
