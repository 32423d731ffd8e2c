import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadAle } from 'ale-wasm';
import { AtariGame } from '../../../envs/atari/atari-game.ts';
import { AtariPool, PreprocessedAtariEnv } from '../../../envs/atari/index.ts';
import { atariOptions, type AtariOptions } from '../../../envs/atari/options.ts';
import { environmentSeed } from '../../../envs/seeds.ts';
import { randomAction } from './play.ts';

const framePixels = 84 * 84;

test('is the pool with one environment', async () => {
  const options = { game: 'Breakout', repeatActionProbability: 0.25, terminalOnLifeLoss: false };
  const steps = 100;
  const pool = await AtariPool.create({ ...options, envs: 1, workers: 1, rolloutSteps: steps, seed: 5 });
  const env = await PreprocessedAtariEnv.create(options);
  try {
    await pool.reset();
    let { observation } = env.reset({ seed: environmentSeed(5, 0) });
    for (let t = 0; t < steps; t++) {
      assert.deepEqual(observation, pool.observations.slice(t * 4 * framePixels, (t + 1) * 4 * framePixels));
      const action = randomAction(0, t, 4);
      pool.send(0, t, Int32Array.of(action));
      await pool.wait(0);
      const step = env.step(action);
      assert.deepEqual([step.reward, Number(step.terminated)], [pool.rewards[t], pool.terminated[t]]);
      observation = step.observation;
    }
    assert.equal(env.recipe, pool.recipe);
    assert.deepEqual(env.actionMeanings, pool.actionMeanings);
  } finally {
    await pool.close();
    env.close();
  }
});

describe('PreprocessedAtariEnv', async () => {
  const env = await PreprocessedAtariEnv.create({ game: 'Breakout', noopMax: 0, rewardClip: false });

  test('has the spaces of its observations and actions', () => {
    const { observation } = env.reset({ seed: 1 });
    assert.ok(env.observationSpace.contains(observation));
    assert.deepEqual(env.observationSpace.shape, [84, 84, 4]);
    assert.equal(env.actionSpace.n, 4);
    assert.ok(env.observationSpace.contains(env.step(1).observation));
    assert.throws(() => env.step(4), RangeError);
  });

  test('goes on with the same game after a lost life, and begins another after the last', () => {
    let { info } = env.reset({ seed: 1 });
    const lives = [info.lives];
    let frames = 0;
    for (let step = 0; lives.at(-1) !== 0; step++) {
      const { terminated, info } = env.step(randomAction(0, step, 4));
      assert.ok(Number(info.episodeFrameNumber) > frames);
      frames = Number(info.episodeFrameNumber);
      assert.equal(terminated, info.lives !== lives.at(-1));
      if (!terminated) continue;
      lives.push(info.lives);
      assert.throws(() => env.step(0), /call reset/);
      if (info.lives !== 0) assert.equal(env.reset().info.episodeFrameNumber, frames);
    }
    assert.deepEqual(lives, [5, 4, 3, 2, 1, 0]);
    ({ info } = env.reset());
    assert.deepEqual([info.lives, info.episodeFrameNumber, info.score], [5, 0, 0]);
  });

  test('a reset leaves a game under way', () => {
    env.reset({ seed: 1 });
    for (const seed of [undefined, 1]) {
      for (let t = 0; t < 10; t++) env.step(1);
      assert.equal(env.reset({ seed }).info.episodeFrameNumber, 0);
    }
  });

  test('shows the last picture of a game as it was', async () => {
    const whole = await PreprocessedAtariEnv.create({ game: 'Breakout', noopMax: 0, terminalOnLifeLoss: false });
    const ale = await (await loadAle()).create();
    ale.setRepeatActionProbability(0);
    await ale.loadRom('breakout');
    const height = ale.screenHeight;
    whole.reset();
    const actions = ale.minimalActions();
    for (let step = 0; ; step++) {
      const action = randomAction(2, step, 4);
      const gray: Uint8Array[] = [];
      for (let frame = 0; frame < 4 && !ale.gameOver; frame++) {
        ale.act(actions[action] ?? 0);
        gray.push(ale.screenGray().slice());
      }
      const { observation, terminated } = whole.step(action);
      assert.equal(terminated, ale.gameOver);
      const [last = new Uint8Array(), before = last] = gray.reverse();
      const expected = shrink(
        last.map((value, i) => Math.max(value, before[i] ?? 0)),
        height,
      );
      const worst = expected.reduce((most, v, i) => Math.max(most, Math.abs(v - (observation[i * 4 + 3] ?? 0))), 0);
      assert.ok(worst <= 0.51, `step ${step}: a pixel is ${worst} off`);
      if (terminated) break;
    }
    whole.close();
    ale.close();
  });
});

/** Mean of the (height, 160) pixels that each of 84x84 covers, in exact arithmetic. */
function shrink(source: Uint8Array, height: number): Float64Array {
  const target = new Float64Array(framePixels);
  for (let y = 0; y < 84; y++) {
    for (let x = 0; x < 84; x++) {
      let sum = 0;
      for (const [row, tall] of covered(y, height)) {
        for (const [column, wide] of covered(x, 160)) sum += tall * wide * (source[row * 160 + column] ?? 0);
      }
      target[y * 84 + x] = sum / ((height / 84) * (160 / 84));
    }
  }
  return target;
}

/** Of `extent` cells, those that the i-th of 84 equal parts covers, each with how much of it. */
function covered(i: number, extent: number): [number, number][] {
  const from = (i * extent) / 84;
  const to = ((i + 1) * extent) / 84;
  const cells: [number, number][] = [];
  for (let cell = Math.floor(from); cell < to; cell++)
    cells.push([cell, Math.min(to, cell + 1) - Math.max(from, cell)]);
  return cells;
}

test('a cartridge that ALE does not know is refused at once, by its reason', async () => {
  const ale = await (await loadAle()).create();
  assert.throws(() => new AtariGame(ale, new Uint8Array(4096), atariOptions({}), 1), {
    name: 'AleError',
    message: /^a ROM with MD5 620f0b67a91f7f74151bc5be745b7110, which ALE does not know;/,
  });
});

describe('FIRE at the start of an episode', () => {
  /** Frames between a lost life and the next episode, and whether its stack begins from black. */
  async function afterLostLife(options: Partial<AtariOptions>): Promise<[number, boolean]> {
    const env = await PreprocessedAtariEnv.create({ game: 'Breakout', noopMax: 0, ...options });
    env.reset({ seed: 1 });
    for (let step = 0; ; step++) {
      const { terminated, info } = env.step(randomAction(0, step, 4));
      if (!terminated) continue;
      const next = env.reset();
      env.close();
      const black = next.observation.every((value, byte) => byte % 4 === 3 || value === 0);
      return [Number(next.info.episodeFrameNumber) - Number(info.episodeFrameNumber), black];
    }
  }

  test("after a lost life: Stable-Baselines3's three steps, one frame by ale-py's rule, nothing without", async () => {
    assert.deepEqual(await afterLostLife({ fireReset: true }), [12, true]);
    assert.deepEqual(await afterLostLife({ fireReset: true, seeding: 'ale' }), [1, true]);
    assert.deepEqual(await afterLostLife({ fireReset: false }), [0, false]);
  });

  test('that the cap cuts short is told by the next step', async () => {
    const env = await PreprocessedAtariEnv.create({
      game: 'Breakout',
      noopMax: 0,
      fireReset: true,
      maxNumFramesPerEpisode: 5,
    });
    for (let game = 0; game < 3; game++) {
      assert.equal(env.reset().info.episodeFrameNumber, 5);
      const { reward, terminated, truncated } = env.step(1);
      assert.deepEqual([reward, terminated, truncated], [0, false, true]);
    }
    env.close();
  });

  test('is left out in games that have no FIRE', async () => {
    const env = await PreprocessedAtariEnv.create({ game: 'Freeway', noopMax: 0, fireReset: true });
    assert.equal(env.reset().info.episodeFrameNumber, 0);
    env.close();
  });
});
