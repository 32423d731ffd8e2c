import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { AtariVectorEnv, type AtariVectorOptions, type AtariVectorStep } from '../../../envs/atari/index.ts';
import { breakWorkers, entry, killNewestWorker, mendWorkers } from './broken.ts';
import { actionsFor, Transcript } from './vector-play.ts';

const options = {
  environments: [{ game: 'Pong' }, { game: 'Breakout', terminalOnLifeLoss: true }, { game: 'Seaquest' }],
  ...{ repeatActionProbability: 0.25, maxNumFramesPerEpisode: 100, workers: 2, snapshotEvery: 16 },
} satisfies AtariVectorOptions;

describe('a worker of a vector that broke is restarted, and nobody can tell', () => {
  for (const [autoresetMode, how, reason] of [
    ['nextStep', 'throw', 'the cartridge melted'],
    ['sameStep', 'exit', 'its thread ended with exit code 7'],
    ['nextStep', 'hang', 'it got nothing done within 2 s'],
  ] as const) {
    test(`in batches, ${autoresetMode}: it ${how}s`, async () => {
      const steady = await AtariVectorEnv.create({ ...options, autoresetMode });
      breakWorkers(how, 90, 0);
      const stepLimit = how === 'hang' ? 2 : 60;
      const vector = await AtariVectorEnv.create({ ...options, autoresetMode, batchSize: 2, stepLimit }, entry);
      mendWorkers();
      try {
        const [expected, transcript] = [new Transcript(3), new Transcript(3)];
        let restarts = 0;
        let last = await vector.reset();
        transcript.add(last);
        for (let i = 0; i < 120; i++) {
          vector.send(actionsFor(vector, last.envIds, transcript), last.envIds);
          last = await vector.recv().catch(async ({ message }: Error) => {
            assert.match(message, /^(Pong, environment 0 \(seed 0\)|Seaquest, environment 2 \(seed 2\)): /);
            assert.ok(message.endsWith(`: ${reason}; restart() brings it back`), message);
            restarts += 1;
            await vector.restart();
            return vector.recv();
          });
          transcript.add(last);
        }
        assert.equal(restarts, 1);
        let all = await steady.reset();
        expected.add(all);
        while (transcript.of.some((steps, env) => steps.length > (expected.of[env]?.length ?? 0))) {
          all = await steady.step(actionsFor(steady, all.envIds, expected));
          expected.add(all);
        }
        for (const [env, steps] of transcript.of.entries()) {
          assert.deepEqual(steps, expected.of[env]?.slice(0, steps.length));
        }
      } finally {
        await Promise.all([steady.close(), vector.close()]);
      }
    });
  }

  /** Steps, with the resets that ended episodes need; before some steps its newest worker dies. */
  async function play(vector: AtariVectorEnv, steps: number, deaths: readonly number[]): Promise<Transcript> {
    const transcript = new Transcript(vector.numEnvs);
    const first = await vector.reset();
    transcript.add(first);
    for (let t = 0; t < steps; t++) {
      if (deaths.includes(t)) await killNewestWorker();
      const result = await vector.step(actionsFor(vector, first.envIds, transcript)).catch(async (error: Error) => {
        assert.ok(deaths.includes(t), error.message);
        assert.match(error.message, /^Breakout, environment 1 \(seed 1\): its thread ended with exit code 1; restart/);
        await vector.restart();
        return vector.recv();
      });
      transcript.add(result);
      const ended = endedIn(result);
      if (vector.metadata.autoresetMode === 'disabled' && ended.length > 0) {
        transcript.add(await vector.reset({ envIds: ended }));
      }
    }
    return transcript;
  }

  const endedIn = ({ envIds, terminations, truncations }: AtariVectorStep): number[] =>
    [...envIds].filter((_, i) => terminations[i] === 1 || truncations[i] === 1);

  for (const autoresetMode of ['disabled', 'sameStep'] as const) {
    test(`the same worker twice, ${autoresetMode}`, async () => {
      const steady = await AtariVectorEnv.create({ ...options, autoresetMode });
      const vector = await AtariVectorEnv.create({ ...options, autoresetMode });
      try {
        const expected = await play(steady, 60, []);
        assert.deepEqual(await play(vector, 60, [7, 40, 41]), expected);
      } finally {
        await Promise.all([steady.close(), vector.close()]);
      }
    });
  }

  test('while save() is pending, which sees that a worker hangs', async () => {
    const steady = await AtariVectorEnv.create({ ...options, snapshotEvery: 1000 });
    breakWorkers('hang at save', 0, 1);
    const vector = await AtariVectorEnv.create({ ...options, snapshotEvery: 1000, stepLimit: 2 }, entry);
    mendWorkers();
    try {
      for (const of of [steady, vector]) {
        await of.reset();
        for (let t = 0; t < 30; t++) await of.step([2, 1, 2]);
      }
      await assert.rejects(vector.save(), {
        name: 'UserError',
        message: 'Breakout, environment 1 (seed 1): it got nothing done within 2 s; restart() brings it back',
      });
      await vector.restart();
      assert.deepEqual(await vector.save(), await steady.save());
      assert.deepEqual(await vector.step([2, 1, 2]), await steady.step([2, 1, 2]));
    } finally {
      await Promise.all([steady.close(), vector.close()]);
    }
  });

  test('after restore(), whose errors name the seeds that were saved', async () => {
    const steady = await AtariVectorEnv.create({ ...options, seed: 40 });
    const vector = await AtariVectorEnv.create(options, entry);
    try {
      await steady.reset();
      await vector.reset();
      for (let t = 0; t < 30; t++) await steady.step([2, 1, 2]);
      const saved = await steady.save();
      breakWorkers('load', 0, 1);
      await assert.rejects(vector.restore(saved), {
        name: 'UserError',
        message: 'Breakout, environment 1 (seed 41): no such thing',
      });
      mendWorkers();
      await vector.restore(saved);
      await killNewestWorker();
      const expected = await steady.step([2, 1, 2]);
      await assert.rejects(vector.step([2, 1, 2]), /^UserError: Breakout, environment 1 \(seed 41\): its thread ended/);
      await vector.restart();
      assert.deepEqual(await vector.recv(), expected);
    } finally {
      mendWorkers();
      await Promise.all([steady.close(), vector.close()]);
    }
  });

  test('into the game of the newest seed, whatever snapshot comes after it was given', async () => {
    const one = { game: 'Breakout', numEnvs: 1, snapshotEvery: 2 };
    const [steady, vector] = [await AtariVectorEnv.create(one), await AtariVectorEnv.create(one)];
    try {
      for (const of of [steady, vector]) {
        await of.reset({ seed: 1 });
        await of.step([1]); // the second thing done: a snapshot is asked for
        await of.reset({ seed: 5 });
      }
      await setTimeout(100); // it comes
      await killNewestWorker();
      await assert.rejects(vector.step([1]), /exit code 1/);
      await vector.restart();
      assert.deepEqual(await vector.recv(), await steady.step([1]));
    } finally {
      await Promise.all([steady.close(), vector.close()]);
    }
  });

  test('with little to play again, even where every second command is a reset', async () => {
    const vector = await AtariVectorEnv.create({ game: 'Pong', numEnvs: 1, snapshotEvery: 2 }, entry);
    try {
      await vector.reset({ seed: 1 });
      for (let i = 0; i < 20; i++) {
        await vector.reset();
        await vector.step([2]);
        await setTimeout(1);
      }
      await killNewestWorker();
      await assert.rejects(vector.step([2]), /exit code 1/);
      breakWorkers('throw', 10); // one that plays more than 10 steps again
      await vector.restart();
      await vector.recv();
    } finally {
      mendWorkers();
      await vector.close();
    }
  });
});
