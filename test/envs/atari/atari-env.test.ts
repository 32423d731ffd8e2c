import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { make, makeVec, registry } from 'gym-js';
import {
  type AtariAction,
  AtariEnv,
  type AtariObservation,
  gameNames,
  registerAtari,
} from '../../../envs/atari/index.ts';
import { Marks, recorded, renamed, TraceRandom } from './marks.ts';

registerAtari();

describe("equals ale-py's AtariEnv as Gymnasium makes it", () => {
  for (const { id, options, seed, every, marks: expected } of recorded.environments) {
    test(`${id} ${JSON.stringify(options)}`, async () => {
      const env = await make<AtariObservation, AtariAction>(id, renamed(options, {}));
      const marks = new Marks(every);
      const random = new TraceRandom(seed);
      const see = ({ observation, info }: { observation: AtariObservation; info: Record<string, unknown> }): void => {
        for (const bytes of observation instanceof Uint8Array ? [observation] : [observation.image, observation.sound])
          marks.see(bytes);
        const numbers = [info.lives, info.episodeFrameNumber, info.frameNumber].map(Number);
        marks.see(new Uint8Array(Int32Array.from(numbers).buffer));
      };
      const { actionSpace } = env as unknown as AtariEnv;
      const action = (): AtariAction =>
        'n' in actionSpace
          ? random.below(actionSpace.n)
          : Float32Array.of(random.unit(), (2 * random.unit() - 1) * 3.14, random.unit());
      see(env.reset({ seed }));
      for (let step = 0; step < 200; step++) {
        const result = env.step(action());
        const { reward, terminated, truncated, info } = result;
        see(result);
        marks.step(reward, terminated, truncated, Number(info.lives));
        if (step === 150) see(env.reset({ seed: seed + 1 }));
        else if (terminated || truncated) see(env.reset());
      }
      env.close();
      assert.deepEqual(marks.marks, expected);
    });
  }
});

test("has the ids of ale-py's registration", () => {
  const ids = [...registry.keys()].filter((id) => registry.get(id)?.kwargs.game !== undefined);
  assert.equal(ids.filter((id) => /^ALE\/\w+-v5$/.test(id)).length, gameNames().length);
  assert.equal(ids.filter((id) => /^\w+-v[04]$/.test(id)).length, 4 * 62);
  for (const id of ['ALE/Tetris-v5', 'MsPacmanNoFrameskip-v4', 'UpNDown-v0']) assert.ok(ids.includes(id), id);
});

test("makeVec makes AtariVectorEnv, by the game's own options and those given", async () => {
  const vector = await makeVec('ALE/Breakout-v5', {
    numEnvs: 2,
    frameskip: 3,
    workers: 1,
    noopMax: 0,
    fireReset: false,
  });
  try {
    await vector.reset({ seed: 1 });
    const { infos } = await vector.step(Int32Array.of(1, 1));
    assert.deepEqual([...(infos.episodeFrameNumber as Int32Array)], [3, 3]);
    assert.deepEqual(vector.singleObservationSpace.shape, [84, 84, 4]);
  } finally {
    await vector.close();
  }
});

test('makeVec refuses what a vector does not have, with what it has instead', async () => {
  const refused = (options: object, message: RegExp): Promise<void> =>
    assert.rejects(makeVec('ALE/Pong-v5', { numEnvs: 1, workers: 1, ...options }), { name: 'UserError', message });
  await refused({ obsType: 'ram' }, /^obsType is no option of AtariVectorEnv; give grayscale/);
  await refused({ maxEpisodeSteps: 3 }, /^maxEpisodeSteps is no option .*maxNumFramesPerEpisode/);
  await refused({ renderMode: 'rgb_array' }, /^renderMode is no option .*make\(\)$/);
  await refused({ disableEnvChecker: true }, /^disableEnvChecker is no option/);
  await refused({ nonsense: 1 }, /^unknown option nonsense of AtariVectorEnv; there are game, numEnvs/);
  await refused({ noop_max: 1 }, /^unknown option noop_max of AtariVectorEnv; did you mean "noopMax"\?$/);
});

describe('AtariEnv', async () => {
  const env = await AtariEnv.create({ game: 'Breakout', renderMode: 'rgb_array', soundObs: true });
  after(() => env.close());

  test('has the spaces of its observations, and draws what it shows', () => {
    const { observation, info } = env.reset({ seed: 1 });
    assert.ok(env.observationSpace.contains(observation));
    assert.ok('image' in observation);
    const { data, height, width } = env.render();
    assert.deepEqual([height, width], [210, 160]);
    assert.deepEqual(data, observation.image);
    assert.deepEqual(env.actionMeanings, ['NOOP', 'FIRE', 'RIGHT', 'LEFT']);
    assert.equal((info.seeds as number[]).length, 2);
    assert.throws(() => env.step(4), RangeError);
  });

  test('without a seed it is another game each time', async () => {
    const first = await AtariEnv.create({ game: 'Breakout', obsType: 'ram', frameskip: [1, 50] });
    const second = await AtariEnv.create({ game: 'Breakout', obsType: 'ram', frameskip: [1, 50] });
    const frames = [first, second].map((one) => {
      one.reset();
      const seen = [1, 1, 1, 1, 1, 1].map(() => one.step(1).info.frameNumber);
      one.close();
      return seen;
    });
    assert.notDeepEqual(frames[0], frames[1]);
  });

  test('options that it does not have are refused by name, value and mend', async () => {
    const refused = (options: object, message: RegExp): Promise<void> =>
      assert.rejects(AtariEnv.create({ game: 'Breakout', ...options }), { name: 'UserError', message });
    await refused({ frameSkip: 4 }, /^unknown option frameSkip of AtariEnv; did you mean "frameskip"\?$/);
    await refused({ nonsense: 4 }, /^unknown option nonsense of AtariEnv; there are game, .*frameskip/);
    await refused({ obsType: 'gray' }, /^obsType "gray" .* "rgb" or "grayscale" or "ram"$/);
    await refused({ continuous: 'no' }, /^continuous "no" is no switch/);
    await refused({ game: undefined }, /^game undefined is no name/);
    await refused({ frameskip: 0 }, /^frameskip 0 .*1 to 1000$/);
    await refused({ frameskip: [3, 3] }, /^the upper end of frameskip 3 .*4 to 1000$/);
    await refused({ repeatActionProbability: -1 }, /^repeatActionProbability -1/);
    await refused({ mode: 5 }, /^mode 5; breakout has 0, 4, 8/);
    await refused({ difficulty: 7 }, /^difficulty 7; breakout has 0, 1$/);
    await refused({ renderMode: 'human' }, /^renderMode "human" is unknown; give "rgb_array"$/);
  });
});
