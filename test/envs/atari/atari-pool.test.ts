import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { AtariPool, type AtariPoolOptions } from '../../../envs/atari/index.ts';
import { type Played, playRandomly, randomAction, total } from './play.ts';

const framePixels = 84 * 84;
const breakout = { game: 'Breakout', envs: 6, rolloutSteps: 64, seed: 2, workers: 2 } satisfies AtariPoolOptions;

async function playWith(options: AtariPoolOptions, rollouts: number): Promise<Played> {
  const pool = await AtariPool.create(options);
  try {
    return await playRandomly(pool, rollouts);
  } finally {
    await pool.close();
  }
}

describe('the same seed is the same run', () => {
  const options = { ...breakout, rolloutSteps: 48, repeatActionProbability: 0.25, maxNumFramesPerEpisode: 540 };
  const reference = playWith({ ...options, workers: 1, groups: 1 }, 3);

  for (const [workers, groups] of [
    [1, 2],
    [2, 1],
    [2, 2],
    [3, 1],
    [3, 2],
  ] as const) {
    test(`${workers} workers, ${groups} groups`, async () => {
      assert.deepEqual(await playWith({ ...options, workers, groups }, 3), await reference);
    });
  }

  test('and saw something: lost lives, finished and capped games', async () => {
    const { games, terminated, truncated } = await reference;
    assert.ok(games.some((game) => game.truncated) && games.some((game) => !game.truncated));
    assert.ok(total(terminated) > games.length && total(truncated) > 0);
  });

  test('another seed is another run', async () => {
    const other = await playWith({ ...options, seed: 4 }, 1);
    assert.notEqual(other.observations[0], (await reference).observations[0]);
  });
});

describe('one pool', async () => {
  const pool = await AtariPool.create(breakout);
  after(() => pool.close());

  test('describes itself', () => {
    assert.deepEqual(pool.observationShape, [84, 84, 4]);
    assert.deepEqual(pool.actionMeanings, ['NOOP', 'FIRE', 'RIGHT', 'LEFT']);
    assert.equal(pool.actions, 4);
    assert.equal(pool.observations.length, 6 * 65 * 84 * 84 * 4);
    assert.ok(pool.observations.buffer instanceof SharedArrayBuffer);
    assert.match(pool.recipe, /^ALE 0\.12\.1: /);
  });

  test('begins the same run anew at reset', async () => {
    const first = await playRandomly(pool, 1);
    assert.deepEqual(await playRandomly(pool, 1), first);
  });

  test('copies the actions at send', async () => {
    await pool.reset();
    const actions = Int32Array.from({ length: 6 }, (_, e) => randomAction(e, 0, 4));
    pool.send(0, 0, actions);
    actions.fill(-7);
    await pool.wait(0);
    const after = pool.observations.slice(4 * framePixels, 8 * framePixels);
    await playRandomly(pool, 1);
    assert.deepEqual(pool.observations.subarray(4 * framePixels, 8 * framePixels), after);
  });

  test('refuses what makes no sense', async () => {
    await pool.reset();
    assert.throws(() => pool.send(0, 64, new Int32Array(6)), /step 64 is not one of 0 to 63/);
    assert.throws(() => pool.send(1, 0, new Int32Array(6)), /group 1 is not one of 0 to 0/);
    assert.throws(() => pool.send(0, 0, new Int32Array(6).fill(4)), /action 4 of environment 0 is not one of 0 to 3/);
    assert.throws(() => pool.send(0, 0, new Int32Array(5)), /environment 5/);
    await assert.rejects(pool.wait(0), /no step under way/);
    pool.send(0, 0, new Int32Array(6));
    assert.throws(() => pool.send(0, 1, new Int32Array(6)), /still under way/);
    await pool.wait(0);
  });
});

test('a lost life ends the learning episode, and changes nothing else', async () => {
  const [learning, whole] = await Promise.all([
    playWith({ ...breakout, workers: 1, terminalOnLifeLoss: true }, 4),
    playWith({ ...breakout, workers: 1, terminalOnLifeLoss: false }, 4),
  ]);
  assert.deepEqual(learning.games, whole.games);
  assert.deepEqual(learning.observations, whole.observations);
  assert.deepEqual(learning.rewards, whole.rewards);
  assert.ok(whole.games.length >= 3, `${whole.games.length} games`);
  assert.equal(total(whole.terminated), whole.games.length);
  const livesLost = whole.games.reduce((sum, game) => sum + game.livesLost, 0);
  assert.ok(whole.games.every((game) => game.livesLost === 5 && !game.truncated));
  const lostInGamesUnderWay = total(learning.terminated) - livesLost;
  assert.ok(lostInGamesUnderWay >= 0 && lostInGamesUnderWay < 5 * breakout.envs);
});

test('scores of whole games are sums of plain rewards; the learner gets their signs', async () => {
  const options = { ...breakout, game: 'SpaceInvaders', envs: 2, workers: 1, rolloutSteps: 300 };
  const [clipped, plain] = await Promise.all([
    playWith({ ...options, rewardClip: 'sign' }, 2),
    playWith({ ...options, rewardClip: false }, 2),
  ]);
  assert.deepEqual(clipped.games, plain.games);
  assert.deepEqual(
    clipped.rewards,
    plain.rewards.map((rewards) => rewards.map(Math.sign)),
  );
  const [game] = plain.games;
  assert.ok(game && game.score > 100, 'a game was finished');
  const rewards = plain.rewards.flatMap((rollout) => rollout.slice(game.env * 300, (game.env + 1) * 300));
  const score = rewards.slice(0, game.steps).reduce((sum, reward) => sum + reward, 0);
  assert.equal(game.score, score);
  assert.equal(game.endStep, (game.steps - 1) % 300);
});

test('a capped game is truncated and shows its true last observation', async () => {
  const options = { ...breakout, envs: 2, workers: 2, noopMax: 0, rolloutSteps: 60, terminalOnLifeLoss: false };
  const capped = await AtariPool.create({ ...options, maxNumFramesPerEpisode: 200 });
  const free = await AtariPool.create(options);
  try {
    const played = await playRandomly(capped, 1);
    await playRandomly(free, 1);
    const uncut = free.observations.slice();
    await free.reset();
    const size = 4 * framePixels;
    const row = (observations: Uint8Array, e: number, t: number): Uint8Array =>
      observations.subarray((e * 61 + t) * size, (e * 61 + t + 1) * size);
    for (let e = 0; e < 2; e++) {
      const cuts = played.truncated[0]?.slice(e * 60, (e + 1) * 60);
      assert.deepEqual(
        cuts,
        Array.from({ length: 60 }, (_, t) => Number(t === 49)),
        '50 steps are 200 frames',
      );
      assert.deepEqual(capped.finalObservations.subarray(e * size, (e + 1) * size), row(uncut, e, 50));
      assert.deepEqual(row(capped.observations, e, 49), row(uncut, e, 49));
      assert.deepEqual(
        row(capped.observations, e, 50),
        row(free.observations, e, 0),
        'the next game begins as the first did',
      );
    }
    assert.equal(total(played.terminated), 0);
    assert.deepEqual(
      played.games.map(({ env, steps, frames, truncated, endStep }) => ({ env, steps, frames, truncated, endStep })),
      [0, 1].map((env) => ({ env, steps: 50, frames: 200, truncated: true, endStep: 49 })),
    );
  } finally {
    await capped.close();
    await free.close();
  }
});

test('the cap counts no-ops and may fall within a step', async () => {
  const { games } = await playWith({ ...breakout, maxNumFramesPerEpisode: 103, terminalOnLifeLoss: false }, 1);
  assert.ok(games.length >= 12);
  assert.ok(games.every(({ frames, truncated }) => frames === 103 && truncated));
  assert.ok(new Set(games.map(({ steps }) => steps)).size > 1, 'games began with different numbers of no-ops');
});

test('all 18 actions, other stacks and skips', async () => {
  const pool = await AtariPool.create({
    ...breakout,
    envs: 1,
    fullActionSpace: true,
    stackNum: 2,
    frameSkip: 1,
    noopMax: 0,
  });
  try {
    assert.equal(pool.actions, 18);
    assert.deepEqual(pool.observationShape, [84, 84, 2]);
    const { games } = await playRandomly(pool, 12);
    assert.ok(games.length > 0 && games.every(({ steps, frames }) => steps === frames));
  } finally {
    await pool.close();
  }
});

test('what the user can mend is refused before a thread starts', async () => {
  const refused = (options: Partial<AtariPoolOptions>, message: RegExp): Promise<void> =>
    assert.rejects(AtariPool.create({ ...breakout, ...options }), { name: 'UserError', message });
  await refused({ game: 'Brekout' }, /did you mean "Breakout"/);
  await refused({ envs: 0 }, /^envs 0 is out of range/);
  await refused({ envs: 3, groups: 2 }, /^envs 3 cannot be divided into 2 groups/);
  await refused({ groups: 3 }, /^groups 3/);
  await refused({ workers: 0 }, /^workers 0/);
  await refused({ repeatActionProbability: 2 }, /^repeatActionProbability 2/);
  await refused(
    { envs: 1024, rolloutSteps: 65_536, stackNum: 16 },
    /1024 envs .* need 7056\.\d GiB, more than the [\d.]+ GiB that this machine has; take fewer envs or/,
  );
});
