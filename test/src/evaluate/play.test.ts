// What a game does depends on its seed and the agent alone, not on what is played beside it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent } from '../../../agents/agent.ts';
import { readBundle } from '../../../agents/bundle/read-bundle.ts';
import { coreKinds } from '../../../agents/cores/index.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { atariOptions, PreprocessedAtariEnv } from '../../../envs/atari/index.ts';
import { AtariGames } from '../../../src/evaluate/games/atari-games.ts';
import type { Games } from '../../../src/evaluate/games/games.ts';
import { gamePictures } from '../../../src/evaluate/video/game-pictures.ts';
import { ListedGames } from '../../../src/evaluate/games/listed-games.ts';
import { overallActivation, playGames, type RecordedGame } from '../../../src/evaluate/play.ts';
import type { Player } from '../../../src/evaluate/players/player.ts';
import { listed } from '../../../src/listed-environments.ts';
import { small, written } from '../../agents/bundle/samples.ts';

await loadTensorFlow();
const cartPole = listed.find(({ name }) => name === 'CartPole-v1');
assert.ok(cartPole);

function playerOf(agent: Agent): Player {
  return Object.assign(Object.create(agent) as Agent, { act: agent.actBatch.bind(agent) }) as unknown as Player;
}

async function played(player: Player, games: Games, episodes: number, greedy = false): Promise<RecordedGame[]> {
  const { signal } = new AbortController();
  try {
    return await playGames(player, games, { episodes, seed: 5, greedy }, { finished: () => undefined, signal });
  } finally {
    await games.close();
  }
}

for (const kernels of ['native', 'portable'] as const)
  for (const core of coreKinds)
    test(`${core}, ${kernels}: games are the same, to the last bit, whatever is played beside them`, async () => {
      const { manifest, weights } = written(small(core));
      const agent = new Agent(readBundle(JSON.parse(manifest.toString()), weights), selectKernels(kernels));
      const player = playerOf(agent);
      const alone = await played(player, new ListedGames(cartPole, 1), 11);
      assert.equal(new Set(alone.map(({ steps }) => steps)).size > 3, true, 'games differ');
      for (const count of [3, 8, 11]) {
        const beside = await played(player, new ListedGames(cartPole, count), 11);
        assert.deepEqual(beside, alone, `${count} side by side`);
        assert.deepEqual(overallActivation(beside, player), overallActivation(alone, player));
      }
      agent.dispose();
    });

/** Plays by a rule, whatever it sees: each action for three steps, then the next. It remembers the steps. */
function rhythmic(actions: number): Player {
  return {
    core: { stateWidths: [1], outputSize: 1 },
    act: (_: unknown, [steps = new Float32Array()]: readonly Float32Array[], keep: Float32Array) => {
      const next = steps.map((step, row) => step * (keep[row] as number) + 1);
      const logits = Array.from(next, (step) =>
        Array.from({ length: actions }, (_, action) => (action === Math.floor(step / 3) % actions ? 1 : 0)),
      );
      return { logits: Float32Array.from(logits.flat()), values: keep, states: [next], hidden: next };
    },
  } as unknown as Player;
}

test('games of Atari: whole games over all lives, as one environment alone plays them', async () => {
  const options = atariOptions({ fireReset: true, maxNumFramesPerEpisode: 3000, rewardClip: false });
  const games = await played(rhythmic(4), await AtariGames.create({ game: 'Breakout', options, count: 3 }), 5, true);
  const alone = await played(rhythmic(4), await AtariGames.create({ game: 'Breakout', options, count: 1 }), 5, true);
  assert.deepEqual(games, alone);
  const env = await PreprocessedAtariEnv.create({ ...options, game: 'Breakout' });
  for (const { seed, actions, score, livesLost, truncated } of games) {
    let info = env.reset({ seed }).info;
    let lives = 0;
    for (const [step, action] of actions.entries()) {
      const after = env.step(action);
      info = after.info;
      assert.equal(after.truncated, truncated && step === actions.length - 1);
      if (!after.terminated) continue;
      lives += 1;
      if (step < actions.length - 1) info = env.reset().info;
    }
    assert.equal(info['score'], score);
    assert.equal(lives, livesLost);
    assert.equal(livesLost === 5, !truncated, 'a game has five lives');
  }
  env.close();
  const [first] = games as [RecordedGame];
  let pictures = 0;
  for await (const { width, height } of gamePictures('Breakout', options, first)) {
    assert.deepEqual([width, height], [160, 210]);
    pictures += 1;
  }
  assert.equal(pictures, first.steps + 1);
  await assert.rejects(async () => {
    for await (const _ of gamePictures('Breakout', options, { ...first, score: first.score + 1 }));
  }, /scored .* when replayed/);
});

test('a game that is cut in the very step in which a life is lost counts as cut', async () => {
  for (let cap = 96; cap < 112; cap++) {
    const options = atariOptions({ maxNumFramesPerEpisode: cap, noopMax: 0, rewardClip: false });
    // Its second action is FIRE, and it never moves: the first ball is lost.
    const [game] = await played(rhythmic(2), await AtariGames.create({ game: 'Breakout', options, count: 1 }), 1, true);
    assert.deepEqual([game?.truncated, (game?.livesLost ?? 5) < 5], [true, true], `${cap} frames`);
  }
});

test('an episode of a task that goes over its limit of steps was cut', async () => {
  const mountainCar = listed.find(({ name }) => name === 'MountainCar-v0');
  assert.ok(mountainCar);
  const [game] = await played(rhythmic(3), new ListedGames(mountainCar, 1), 1, true);
  assert.deepEqual([game?.steps, game?.score, game?.truncated], [200, -200, true]);
});
