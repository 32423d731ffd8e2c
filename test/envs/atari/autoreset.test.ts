import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AtariVectorEnv, type AtariVectorReset, type AtariVectorStep } from '../../../envs/atari/index.ts';

/** Games of 200 frames, so that an episode ends at every 50th step. */
const capped = { game: 'Pong', noopMax: 1, fireReset: false, maxNumFramesPerEpisode: 200, workers: 2, numEnvs: 2 };
const size = 84 * 84 * 4;

const row = (result: { observations: Uint8Array }, i: number): Uint8Array =>
  result.observations.subarray(i * size, (i + 1) * size);

const info = ({ infos }: AtariVectorReset, name: string): number[] => [...(infos[name] as Float64Array)];

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

  test('sameStep: where one of several ends, the others have neither final observation nor final info', async () => {
    const environments = [{ maxNumFramesPerEpisode: 10_000 }, {}, { maxNumFramesPerEpisode: 400 }];
    const { numEnvs: _, ...options } = capped;
    const vector = await AtariVectorEnv.create({ ...options, environments, autoresetMode: 'sameStep' });
    try {
      await vector.reset({ seed: 1 });
      const [before, end] = (await steps(vector, 50)).slice(-2);
      assert.equal('finalInfo' in (before?.infos ?? {}), false);
      const { finalObservation, finalInfo, _finalObservation, _finalInfo } = end?.infos ?? {};
      assert.deepEqual([_finalObservation, _finalInfo], [Uint8Array.of(0, 1, 0), Uint8Array.of(0, 1, 0)]);
      const final = finalObservation as (Uint8Array | null)[];
      assert.deepEqual([final[0], final[1]?.length, final[2]], [null, size, null]);
      for (const name of ['lives', 'frameNumber', 'episodeFrameNumber', 'score']) {
        const { [name]: values, [`_${name}`]: mask } = finalInfo as AtariVectorStep['infos'];
        assert.deepEqual(mask, Uint8Array.of(0, 1, 0));
        const [left, , right] = values as Float64Array;
        assert.deepEqual([left, right], [0, 0]);
        assert.deepEqual(end?.infos[`_${name}`], Uint8Array.of(1, 1, 1));
      }
      assert.deepEqual(info({ ...end, infos: finalInfo } as AtariVectorStep, 'episodeFrameNumber'), [0, 200, 0]);
      assert.deepEqual(info(end as AtariVectorStep, 'episodeFrameNumber'), [200, 0, 200]);
    } finally {
      await vector.close();
    }
  });

  test('disabled: a lost life goes on with the game, but for a seed; the last one begins a new game', async () => {
    const options = { game: 'Breakout', terminalOnLifeLoss: true, fireReset: false, noopMax: 1, numEnvs: 2 };
    const vector = await AtariVectorEnv.create({ ...options, autoresetMode: 'disabled', workers: 2 });
    /** Steps environment 0 to the end of its episode; the other one waits. */
    const untilLost = async (): Promise<AtariVectorStep> => {
      for (;;) {
        const result = await vector.step([1], [0]);
        if (result.terminations[0] === 1) return result;
      }
    };
    const resetFirst = (seed?: number): Promise<AtariVectorReset> =>
      vector.reset({ seed, options: { resetMask: [1, 0] } });
    try {
      const first = await vector.reset({ seed: 1 });
      const lost = await untilLost();
      assert.deepEqual(info(lost, 'lives'), [4]);
      await assert.rejects(vector.step([1, 1]), /the episode of environment 0 is over; reset it/);

      const goesOn = await resetFirst();
      assert.deepEqual(row(goesOn, 0), row(lost, 0), 'the last observation');
      assert.deepEqual(info(goesOn, 'lives'), [4, 5]);
      assert.equal(info(goesOn, 'episodeFrameNumber')[0], info(lost, 'episodeFrameNumber')[0]);
      const next = await vector.step([1], [0]);
      assert.equal(info(next, 'episodeFrameNumber')[0], (info(lost, 'episodeFrameNumber')[0] ?? 0) + 4);

      await untilLost();
      const anew = await resetFirst(1);
      assert.deepEqual(anew.observations, first.observations);
      assert.deepEqual(info(anew, 'lives'), [5, 5]);
      assert.deepEqual(info(anew, 'episodeFrameNumber'), info(first, 'episodeFrameNumber'));

      for (const lives of [4, 3, 2, 1, 0]) {
        const ended = await untilLost();
        assert.deepEqual(info(ended, 'lives'), [lives]);
        const reset = await resetFirst();
        const over = lives === 0;
        assert.deepEqual(info(reset, 'lives'), [over ? 5 : lives, 5]);
        assert.equal(info(reset, 'episodeFrameNumber')[0], over ? 0 : info(ended, 'episodeFrameNumber')[0]);
      }
    } finally {
      await vector.close();
    }
  });
});
