import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  AtariVectorEnv,
  type AtariVectorOptions,
  type AtariVectorReset,
  type AtariVectorStep,
} from '../../../envs/atari/index.ts';
import { actionsFor, playOn, Transcript } from './vector-play.ts';

/** Games of 200 frames, so that an episode ends at every 50th step. */
const capped = { game: 'Pong', noopMax: 1, fireReset: false, maxNumFramesPerEpisode: 200, workers: 2, numEnvs: 2 };
const size = 84 * 84 * 4;

const row = (result: { observations: Uint8Array }, i: number): Uint8Array =>
  result.observations.subarray(i * size, (i + 1) * size);

describe('send and recv', { concurrency: 2 }, () => {
  const options = { ...capped, repeatActionProbability: 0.25, seed: 5, numEnvs: 6, maxNumFramesPerEpisode: 120 };

  for (const autoresetMode of ['nextStep', 'sameStep'] as const) {
    test(`in batches every environment goes the way it goes in step, ${autoresetMode}`, async () => {
      const [inStep, inBatches] = await Promise.all(
        [6, 4].map((batchSize) => AtariVectorEnv.create({ ...options, autoresetMode, batchSize })),
      );
      if (!inStep || !inBatches) return;
      try {
        const [expected, transcript] = [new Transcript(6), new Transcript(6)];
        const first = await inStep.reset();
        expected.add(first);
        const batch = await inBatches.reset();
        transcript.add(batch);
        assert.equal(batch.envIds.length, 4);
        assert.deepEqual(inBatches.observationSpace.shape, [4, 84, 84, 4]);
        await playOn(inBatches, 100, batch, transcript);
        const longest = Math.max(...transcript.of.map(({ length }) => length));
        await playOn(inStep, longest, first, expected);
        for (const [env, steps] of transcript.of.entries()) {
          assert.ok(steps.length > 40, `environment ${env} had its turns: ${steps.length}`);
          assert.deepEqual(steps, expected.of[env]?.slice(0, steps.length));
        }
      } finally {
        await Promise.all([inStep.close(), inBatches.close()]);
      }
    });
  }

  test('asyncReset, then environments by their ids', async () => {
    const vector = await AtariVectorEnv.create({ ...options, batchSize: 2 });
    try {
      assert.throws(() => vector.send([0, 0]), /no game has begun; call reset\(\)/);
      await assert.rejects(vector.recv(), /0 environments are under way, a result is of 2; send\(\) actions first/);
      await vector.asyncReset({ seed: [1, 2, 3, 4, 5, 6] });
      const results = [await vector.recv(), await vector.recv(), await vector.recv()];
      assert.deepEqual(results.flatMap(({ envIds }) => [...envIds]).sort(), [0, 1, 2, 3, 4, 5]);
      await assert.rejects(vector.recv(), /0 environments are under way/);
      vector.send([2, 3, 4], [5, 0, 3]);
      assert.throws(() => vector.send([2], [5]), /environment 5 is still under way/);
      const two = await vector.recv();
      const third = [0, 3, 5].find((env) => !two.envIds.includes(env)) as number;
      assert.throws(() => vector.send([2, 2], [third, 1]), new RegExp(`environment ${third} `));
      vector.send([2], [1]);
      const rest = await vector.recv();
      assert.deepEqual([...rest.envIds].sort(), [1, third].sort());
    } finally {
      await vector.close();
    }
  });

  test('refuses what makes no sense, and goes on', async () => {
    const vector = await AtariVectorEnv.create({ ...options, numEnvs: 2 });
    try {
      const first = await vector.reset();
      assert.throws(() => vector.send([0]), /1 actions for 2 environments/);
      assert.throws(() => vector.send([0, 6]), /action 6 of environment 1 is not one of 0 to 5/);
      assert.throws(() => vector.send([0, 0.5]), /action 0.5 of environment 1/);
      assert.throws(() => vector.send([0, 0], [0, 2]), /environment 2 is not one of 0 to 1/);
      assert.throws(() => vector.send([0, 0], [1, 1]), /environment 1 is named twice; name it once/);
      const receiving = vector.step([0, 0]);
      await assert.rejects(vector.recv(), { name: 'AlreadyPendingCallError' });
      await receiving;
      const transcript = new Transcript(2);
      transcript.add(first);
      await playOn(vector, 3, first, transcript);
      await assert.rejects(vector.reset({ seed: [1] }), /1 seeds for 2 environments/);
      await assert.rejects(vector.reset({ seed: -1 }), /seed -1 is out of range/);
    } finally {
      await vector.close();
    }
    await assert.rejects(vector.step([0, 0]), { name: 'ClosedEnvironmentError' });
    await assert.rejects(vector.reset(), { name: 'ClosedEnvironmentError' });
    await vector.close();
  });

  test('a reset leaves behind what was under way', async () => {
    const vector = await AtariVectorEnv.create({ ...options, batchSize: 3 });
    try {
      const first = await vector.reset({ seed: 3 });
      vector.send(new Int32Array(3).fill(2));
      const again = [await vector.reset({ seed: 3 }), await vector.recv()];
      const shown = new Transcript(6);
      for (const result of again) shown.add(result);
      assert.ok(shown.of.every((steps) => steps.length === 1));
      const env = first.envIds[0] ?? 0;
      const of = again.find(({ envIds }) => envIds.includes(env));
      assert.deepEqual(row(of as AtariVectorStep, of?.envIds.indexOf(env) ?? 0), row(first, 0));
    } finally {
      await vector.close();
    }
  });
});

describe('some of the environments, by their ids', () => {
  const ended = ({ envIds, terminations, truncations }: AtariVectorStep): number[] =>
    [...envIds].filter((_, i) => terminations[i] === 1 || truncations[i] === 1);

  /** Resets what has ended, by ids or by mask, and steps the others, as batches come. */
  async function playDisabled(vector: AtariVectorEnv, results: number, byMask: boolean): Promise<Transcript> {
    const transcript = new Transcript(vector.numEnvs);
    await vector.asyncReset();
    for (let i = 0; i < results; i++) {
      const result = await vector.recv();
      transcript.add(result);
      const over = ended(result);
      const resetMask = Array.from({ length: vector.numEnvs }, (_, env) => over.includes(env));
      if (over.length > 0) await vector.asyncReset(byMask ? { options: { resetMask } } : { envIds: over });
      const going = result.envIds.filter((env) => !over.includes(env));
      vector.send(actionsFor(vector, going, transcript), going);
    }
    return transcript;
  }

  test('disabled: they are reset as their turn comes, in batches as in whole', async () => {
    const options: AtariVectorOptions = {
      ...{ game: 'Pong', numEnvs: 5, repeatActionProbability: 0.25, seed: 5, workers: 2 },
      ...{ environments: [60, 100, 140, 1000, 80].map((maxNumFramesPerEpisode) => ({ maxNumFramesPerEpisode })) },
      autoresetMode: 'disabled',
    };
    const whole = await AtariVectorEnv.create(options);
    const batches = await AtariVectorEnv.create({ ...options, batchSize: 2 });
    try {
      const inBatches = await playDisabled(batches, 200, true);
      const longest = Math.max(...inBatches.of.map(({ length }) => length));
      const inWhole = await playDisabled(whole, longest, false);
      for (const [env, steps] of inBatches.of.entries()) {
        assert.ok(steps.length > 40, `environment ${env} had its turns: ${steps.length}`);
        assert.deepEqual(steps, inWhole.of[env]?.slice(0, steps.length));
      }
    } finally {
      await Promise.all([whole.close(), batches.close()]);
    }
  });

  test('step and reset of a few leave the others where they are', async () => {
    const vector = await AtariVectorEnv.create({ ...capped, numEnvs: 3 });
    const twin = await AtariVectorEnv.create({ ...capped, numEnvs: 3 });
    try {
      await assert.rejects(vector.reset({ envIds: [0] }), /no game has begun; the first reset\(\) is of all/);
      const first = await vector.reset({ seed: 1 });
      await twin.reset({ seed: 1 });
      const two = await vector.step([2, 3], [2, 0]);
      const all = await twin.step([3, 0, 2]);
      assert.deepEqual([...two.envIds], [0, 2]);
      assert.deepEqual([row(two, 0), row(two, 1)], [row(all, 0), row(all, 2)]);
      const again = await vector.reset({ seed: 1, envIds: [2] });
      assert.deepEqual([...again.envIds], [2]);
      assert.deepEqual(row(again, 0), row(first, 2));
      await vector.step([0], [1]);
      await vector.step([2], [2]);
      assert.deepEqual(await vector.step([2, 2, 2]), await twin.step([2, 2, 2]));
      const both = { envIds: [0], options: { resetMask: [1, 0, 0] } };
      await assert.rejects(vector.reset(both), /both resetMask and envIds; give one of them/);
      await assert.rejects(vector.reset({ envIds: [3] }), /environment 3 is not one of 0 to 2/);
      await assert.rejects(vector.reset({ envIds: [1, 1] }), /environment 1 is named twice/);
      vector.send([2], [1]);
      await assert.rejects(vector.reset({ envIds: [0, 1] }), /environment 1 is still under way; recv\(\) it first/);
      assert.deepEqual([...(await vector.recv()).envIds], [1], 'environment 0 was not begun');
    } finally {
      await Promise.all([vector.close(), twin.close()]);
    }
  });
});

describe('several games in one vector', () => {
  test('the same actions: their own, in each as if it were alone', async () => {
    const common: AtariVectorOptions = { workers: 2, seed: 4, repeatActionProbability: 0.25 };
    const mixed = await AtariVectorEnv.create({
      ...common,
      environments: [{ game: 'Pong' }, { game: 'Breakout', terminalOnLifeLoss: true }, { game: 'Pong', frameSkip: 2 }],
    });
    after(() => mixed.close());
    assert.equal(mixed.singleActionSpace.n, 18, 'games of different actions get all');
    const transcript = new Transcript(3);
    const first = await mixed.reset();
    transcript.add(first);
    await playOn(mixed, 60, first, transcript);
    const alone = await AtariVectorEnv.create({
      ...common,
      seed: 5,
      game: 'Breakout',
      terminalOnLifeLoss: true,
      fullActionSpace: true,
    });
    after(() => alone.close());
    const its = new Transcript(2);
    const asEnvironment1 = <R extends AtariVectorReset>(result: R): R => ({ ...result, envIds: Int32Array.of(1) });
    its.add(asEnvironment1(await alone.reset()));
    for (let t = 0; t < 60; t++) {
      its.add(asEnvironment1(await alone.step(actionsFor(mixed, Int32Array.of(1), its))));
    }
    assert.deepEqual(transcript.of[1], its.of[1]);
  });

  test('games that use the same actions keep them', async () => {
    const pair = await AtariVectorEnv.create({ environments: [{ game: 'SpaceInvaders' }, { game: 'DemonAttack' }] });
    after(() => pair.close());
    assert.deepEqual(pair.actionMeanings, ['NOOP', 'FIRE', 'RIGHT', 'LEFT', 'RIGHTFIRE', 'LEFTFIRE']);
  });

  test('refuses what does not fit together', async () => {
    const refused = (options: AtariVectorOptions, message: RegExp): Promise<void> =>
      assert.rejects(AtariVectorEnv.create(options), { name: 'UserError', message });
    await refused(
      { environments: [{ game: 'Pong' }, { game: 'Pong', stackNum: 2 }] },
      /^observations of environment 1/,
    );
    await refused({ numEnvs: 2 }, /^environment 0 has no game/);
    await refused({ game: 'Pnog', numEnvs: 2 }, /did you mean "Pong"/);
    await refused({ game: 'Pong', numEnvs: 2, batchSize: 3 }, /^batchSize 3 is out of range/);
    await refused({ game: 'Pong', numEnvs: 2, environments: [{}] }, /^environments lists 1, numEnvs is 2/);
    await refused({ game: 'Pong', numEnvs: 2, seed: [1] }, /^1 seeds for 2 environments/);
    await refused({ game: 'Pong', numEnvs: 2, stepLimit: 0 }, /^stepLimit 0/);
    await refused({ game: 'Pong', numEnvs: 2, startLimit: 0.01 }, /^startLimit 0.01/);
    await refused({ game: 'Pong', numEnvs: 2, snapshotEvery: -1 }, /^snapshotEvery -1/);
    await refused({ game: 'Pong', autoresetMode: 'never' as 'disabled' }, /^autoresetMode "never"/);
  });
});
