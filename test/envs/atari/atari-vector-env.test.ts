import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  AtariVectorEnv,
  type AtariVectorOptions,
  type AtariVectorReset,
  type AtariVectorStep,
} from '../../../envs/atari/index.ts';
import { actionsFor, playOn, Told } from './vector-play.ts';

/** Games of 200 frames, so that an episode ends at every 50th step. */
const capped = { game: 'Pong', noopMax: 1, fireReset: false, maxNumFramesPerEpisode: 200, workers: 2, numEnvs: 2 };
const size = 84 * 84 * 4;

const row = (result: { observations: Uint8Array }, i: number): Uint8Array =>
  result.observations.subarray(i * size, (i + 1) * size);

async function steps(vector: AtariVectorEnv, count: number): Promise<AtariVectorStep[]> {
  const results: AtariVectorStep[] = [];
  for (let t = 0; t < count; t++) results.push(await vector.step(new Int32Array(vector.numEnvs).fill(2)));
  return results;
}

describe('the end of an episode', { concurrency: 2 }, () => {
  /** What the games show without a cap: the real observation after 50 steps, and the first. */
  const uncapped = (async () => {
    const vector = await AtariVectorEnv.create({ ...capped, maxNumFramesPerEpisode: 10_000 });
    const first = await vector.reset({ seed: 1 });
    const last = (await steps(vector, 50)).at(-1) as AtariVectorStep;
    await vector.close();
    return { first, last };
  })();

  test('nextStep: the last step shows the last observation, the next one resets whatever the action', async () => {
    const { first, last } = await uncapped;
    const vector = await AtariVectorEnv.create(capped);
    try {
      await vector.reset({ seed: 1 });
      const results = await steps(vector, 52);
      const [before, end, reset, next] = results.slice(48);
      assert.deepEqual([...(before?.truncations ?? [])], [0, 0]);
      assert.deepEqual([...(end?.truncations ?? [])], [1, 1]);
      assert.deepEqual([...(end?.terminations ?? [])], [0, 0]);
      assert.deepEqual(end?.observations, last.observations);
      assert.deepEqual([...(end?.infos['episodeFrameNumber'] as Float64Array)], [200, 200]);
      assert.equal('finalObservation' in (end?.infos ?? {}), false);
      assert.deepEqual(reset?.observations, first.observations);
      assert.deepEqual([...(reset?.rewards ?? [])], [0, 0]);
      assert.deepEqual([...(reset?.truncations ?? [])], [0, 0]);
      assert.deepEqual([...(reset?.infos['episodeFrameNumber'] as Float64Array)], [0, 0]);
      assert.deepEqual([...(next?.infos['episodeFrameNumber'] as Float64Array)], [4, 4]);
    } finally {
      await vector.close();
    }
  });

  test('sameStep: the last step shows the next first observation, and the last one beside it', async () => {
    const { first, last } = await uncapped;
    const vector = await AtariVectorEnv.create({ ...capped, autoresetMode: 'sameStep' });
    try {
      await vector.reset({ seed: 1 });
      const results = await steps(vector, 51);
      const [before, end, next] = results.slice(48);
      assert.equal('finalObservation' in (before?.infos ?? {}), false);
      assert.deepEqual([...(end?.truncations ?? [])], [1, 1]);
      assert.deepEqual(end?.observations, first.observations);
      assert.deepEqual([...(end?.infos['episodeFrameNumber'] as Float64Array)], [0, 0]);
      assert.deepEqual([...(end?.infos['_finalObservation'] as Uint8Array)], [1, 1]);
      for (const e of [0, 1]) assert.deepEqual((end?.infos['finalObservation'] as Uint8Array[])[e], row(last, e));
      const finalInfo = end?.infos['finalInfo'] as AtariVectorStep['infos'];
      assert.deepEqual([...(finalInfo['episodeFrameNumber'] as Float64Array)], [200, 200]);
      assert.deepEqual(finalInfo['score'], last.infos['score']);
      assert.deepEqual([...(next?.infos['episodeFrameNumber'] as Float64Array)], [4, 4]);
      assert.equal('finalObservation' in (next?.infos ?? {}), false);
    } finally {
      await vector.close();
    }
  });

  test('disabled: the last step shows the last observation, and a step before a reset is refused', async () => {
    const { first, last } = await uncapped;
    const vector = await AtariVectorEnv.create({ ...capped, autoresetMode: 'disabled' });
    try {
      await assert.rejects(vector.reset({ options: { resetMask: [1, 0] } }), /the first reset\(\) is of all/);
      await vector.reset({ seed: 1 });
      const end = (await steps(vector, 50)).at(-1);
      assert.deepEqual([...(end?.truncations ?? [])], [1, 1]);
      assert.deepEqual(end?.observations, last.observations);
      await assert.rejects(
        vector.step([2, 2]),
        /the episode of environment 0 is over; reset it with options.resetMask/,
      );
      const reset = await vector.reset({ options: { resetMask: [false, true] } });
      assert.deepEqual(row(reset, 0), row(last, 0), 'left alone');
      assert.deepEqual(row(reset, 1), row(first, 1));
      await assert.rejects(vector.step([2, 2]), /environment 0 is over/);
      await vector.reset({ options: { resetMask: [1, 0] } });
      const next = await vector.step([2, 2]);
      assert.deepEqual([...(next.infos['episodeFrameNumber'] as Float64Array)], [4, 4]);
      await assert.rejects(vector.reset({ options: { resetMask: [1] } }), /resetMask has 1 elements/);
    } finally {
      await vector.close();
    }
  });

  for (const autoresetMode of ['nextStep', 'sameStep'] as const) {
    test(`a lost life in mode ${autoresetMode}: the game goes on`, async () => {
      const options = { game: 'Breakout', terminalOnLifeLoss: true, fireReset: false, noopMax: 1, numEnvs: 1 };
      const vector = await AtariVectorEnv.create({ ...options, autoresetMode, workers: 1 });
      try {
        await vector.reset({ seed: 1 });
        for (;;) {
          const lost = await vector.step([1]);
          if (lost.terminations[0] === 0) continue;
          const frames = (result: AtariVectorStep): number =>
            (result.infos['episodeFrameNumber'] as Float64Array)[0] ?? 0;
          assert.deepEqual([...(lost.infos['lives'] as Float64Array)], [4]);
          if (autoresetMode === 'sameStep') {
            assert.deepEqual((lost.infos['finalObservation'] as Uint8Array[])[0], lost.observations);
          } else {
            const reset = await vector.step([1]);
            assert.deepEqual(reset.observations, lost.observations);
            assert.equal(frames(reset), frames(lost));
            assert.equal(reset.terminations[0], 0);
          }
          const next = await vector.step([1]);
          assert.equal(frames(next), frames(lost) + 4);
          break;
        }
      } finally {
        await vector.close();
      }
    });
  }
});

describe('send and recv', { concurrency: 2 }, () => {
  const options = { ...capped, repeatActionProbability: 0.25, seed: 5, numEnvs: 6, maxNumFramesPerEpisode: 120 };

  for (const autoresetMode of ['nextStep', 'sameStep'] as const) {
    test(`in batches every environment goes the way it goes in step, ${autoresetMode}`, async () => {
      const [inStep, inBatches] = await Promise.all(
        [6, 4].map((batchSize) => AtariVectorEnv.create({ ...options, autoresetMode, batchSize })),
      );
      if (!inStep || !inBatches) return;
      try {
        const [expected, told] = [new Told(6), new Told(6)];
        const first = await inStep.reset();
        expected.add(first);
        const batch = await inBatches.reset();
        told.add(batch);
        assert.equal(batch.envIds.length, 4);
        assert.deepEqual(inBatches.observationSpace.shape, [4, 84, 84, 4]);
        await playOn(inBatches, 100, batch, told);
        const longest = Math.max(...told.of.map(({ length }) => length));
        await playOn(inStep, longest, first, expected);
        for (const [env, steps] of told.of.entries()) {
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
      await assert.rejects(vector.reset({ options: { resetMask: new Uint8Array(6) } }), /resetMask needs batchSize 6/);
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
      assert.throws(() => vector.send([0, 0], [1, 1]), /environment 1 is given two actions/);
      const receiving = vector.step([0, 0]);
      await assert.rejects(vector.recv(), { name: 'AlreadyPendingCallError' });
      await receiving;
      const told = new Told(2);
      told.add(first);
      await playOn(vector, 3, first, told);
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
      const shown = new Told(6);
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

describe('several games in one vector', () => {
  test('the same actions: their own, in each as if it were alone', async () => {
    const common: AtariVectorOptions = { workers: 2, seed: 4, repeatActionProbability: 0.25 };
    const mixed = await AtariVectorEnv.create({
      ...common,
      environments: [{ game: 'Pong' }, { game: 'Breakout', terminalOnLifeLoss: true }, { game: 'Pong', frameSkip: 2 }],
    });
    after(() => mixed.close());
    assert.equal(mixed.singleActionSpace.n, 18, 'games of different actions get all');
    const told = new Told(3);
    const first = await mixed.reset();
    told.add(first);
    await playOn(mixed, 60, first, told);
    const alone = await AtariVectorEnv.create({
      ...common,
      seed: 5,
      game: 'Breakout',
      terminalOnLifeLoss: true,
      fullActionSpace: true,
    });
    after(() => alone.close());
    const its = new Told(2);
    const asEnvironment1 = <R extends AtariVectorReset>(result: R): R => ({ ...result, envIds: Int32Array.of(1) });
    its.add(asEnvironment1(await alone.reset()));
    for (let t = 0; t < 60; t++) {
      its.add(asEnvironment1(await alone.step(actionsFor(mixed, Int32Array.of(1), its))));
    }
    assert.deepEqual(told.of[1], its.of[1]);
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
    await refused({ game: 'Pong', numEnvs: 2, snapshotEvery: 0 }, /^snapshotEvery 0/);
    await refused({ game: 'Pong', autoresetMode: 'never' as 'disabled' }, /^autoresetMode "never"/);
  });
});
