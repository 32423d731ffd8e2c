import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AtariPool, type AtariPoolOptions, AtariVectorEnv } from '../../../envs/atari/index.ts';
import { breakWorkers, entry, killWorker, mendWorkers } from './broken.ts';
import { playRandomly, randomAction } from './play.ts';
import { actionsFor, Told } from './vector-play.ts';

const options = {
  ...{ game: 'Breakout', envs: 4, workers: 2, rolloutSteps: 32, seed: 9, snapshotEvery: 10 },
  ...{ repeatActionProbability: 0.25, maxNumFramesPerEpisode: 150 },
} satisfies AtariPoolOptions;

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
        const pool = await AtariPool.create({ ...options, groups, stepLimit: how === 'hang' ? 1 : 60 }, entry);
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

  test('before and after the first snapshot, between two steps', async () => {
    const expected = await undisturbed;
    const pool = await AtariPool.create(options);
    try {
      await pool.reset();
      const actions = (t: number): Int32Array => Int32Array.from({ length: 4 }, (_, e) => randomAction(e, t, 4));
      for (let t = 0; t < 32; t++) {
        if (t === 3) await pool.restart(); // none has failed
        if (t === 5 || t === 20) await killWorker(pool);
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
        message: /^Breakout, environment \d .*: no such thing/,
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
});

for (const autoresetMode of ['nextStep', 'sameStep'] as const) {
  test(`of a vector in batches, ${autoresetMode}`, async () => {
    const vectorOptions = {
      ...{ environments: [{ game: 'Pong' }, { game: 'Breakout', terminalOnLifeLoss: true }, { game: 'Seaquest' }] },
      ...{ repeatActionProbability: 0.25, maxNumFramesPerEpisode: 100, workers: 2, snapshotEvery: 16 },
    };
    const steady = await AtariVectorEnv.create({ ...vectorOptions, autoresetMode });
    breakWorkers('throw', 90, 0);
    const vector = await AtariVectorEnv.create({ ...vectorOptions, autoresetMode, batchSize: 2 }, entry);
    mendWorkers();
    try {
      const [expected, told] = [new Told(3), new Told(3)];
      let restarts = 0;
      let last = await vector.reset();
      told.add(last);
      for (let i = 0; i < 120; i++) {
        vector.send(actionsFor(vector, last.envIds, told));
        last = await vector.recv().catch(async (error: Error) => {
          assert.match(
            error.message,
            /^(Pong|Seaquest), environment [02] \(seed [02]\): the cartridge melted; restart\(\)/,
          );
          restarts += 1;
          await vector.restart();
          return vector.recv();
        });
        told.add(last);
      }
      assert.equal(restarts, 1);
      let all = await steady.reset();
      expected.add(all);
      while (told.of.some((steps, env) => steps.length > (expected.of[env]?.length ?? 0))) {
        all = await steady.step(actionsFor(steady, all.envIds, expected));
        expected.add(all);
      }
      for (const [env, steps] of told.of.entries()) assert.deepEqual(steps, expected.of[env]?.slice(0, steps.length));
    } finally {
      await Promise.all([steady.close(), vector.close()]);
    }
  });
}
