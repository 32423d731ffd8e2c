// What a game does depends on its seed and the agent alone, not on what is played beside it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Agent } from '../../../agents/agent.ts';
import { readBundle } from '../../../agents/bundle/read-bundle.ts';
import { coreKinds } from '../../../agents/cores/options.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { atariOptions, PreprocessedAtariEnv } from '../../../envs/atari/index.ts';
import type { PlayedGame } from '../../../src/evaluate/game.ts';
import { AtariGames } from '../../../src/evaluate/games/atari-games.ts';
import type { Games } from '../../../src/evaluate/games/games.ts';
import { ListedGames } from '../../../src/evaluate/games/listed-games.ts';
import { overallActivation, playGames } from '../../../src/evaluate/play.ts';
import type { Acting } from '../../../src/evaluate/players/player.ts';
import { listedByName } from '../../../src/environments/listed.ts';
import { small, written } from '../../agents/bundle/samples.ts';

await loadTensorFlow();
const cartPole = listedByName('CartPole-v1');
assert.ok(cartPole);

interface Wanted {
  readonly episodes: number;
  readonly greedy?: boolean;
  readonly record?: boolean;
}

async function played(player: Acting, games: Games, wanted: Wanted): Promise<PlayedGame[]> {
  const { signal } = new AbortController();
  const playing = { seed: 5, greedy: false, record: true, ...wanted };
  try {
    return await playGames(player, games, playing, { finished: () => undefined, signal });
  } finally {
    await games.close();
  }
}

for (const kernels of ['native', 'portable'] as const)
  for (const core of coreKinds)
    test(`${core}, ${kernels}: games are the same, to the last bit, whatever is played beside them`, async () => {
      const { manifest, weights } = written(small(core));
      const agent = new Agent(readBundle(JSON.parse(manifest.toString()), weights), selectKernels(kernels));
      const player: Acting = { core: agent.core, act: (...step) => agent.actBatch(...step) };
      const alone = await played(player, new ListedGames(cartPole, 1), { episodes: 11 });
      assert.equal(new Set(alone.map(({ steps }) => steps)).size > 3, true, 'games differ');
      for (const count of [3, 8, 11]) {
        const beside = await played(player, new ListedGames(cartPole, count), { episodes: 11 });
        assert.deepEqual(beside, alone, `${count} side by side`);
        assert.deepEqual(overallActivation(beside, player), overallActivation(alone, player));
      }
      const unrecorded = await played(player, new ListedGames(cartPole, 8), { episodes: 11, record: false });
      assert.deepEqual(
        unrecorded,
        alone.map(({ recording: _, ...game }) => game),
      );
      agent.dispose();
    });

/** Plays by a rule; it remembers the steps of the episode. @param rule the action, after that many steps */
function ruled(actions: number, rule: (steps: number, observation: Uint8Array | Float32Array) => number): Acting {
  return {
    core: { stateWidths: [1], outputSize: 1 },
    act: (observations, [steps = new Float32Array()], keep) => {
      const next = steps.map((step, row) => step * (keep[row] as number) + 1);
      const size = observations.length / keep.length;
      const logits = Array.from(next, (step, row) => {
        const chosen = rule(step, observations.subarray(row * size, (row + 1) * size));
        return Array.from({ length: actions }, (_, action) => Number(action === chosen));
      });
      return { logits: Float32Array.from(logits.flat()), values: keep, states: [next], hidden: next };
    },
  };
}

/** Each action for three steps, then the next, whatever it sees. */
function rhythmic(actions: number): Acting {
  return ruled(actions, (steps) => Math.floor(steps / 3) % actions);
}

/** An action that hangs on every pixel and on how many steps there were. */
function chosen(steps: number, observation: Uint8Array | Float32Array): number {
  let hash = steps;
  for (const pixel of observation) hash = (Math.imul(hash, 31) + pixel) | 0;
  return hash & 3;
}

test('games of Atari: whole games over all lives, as one environment alone plays them', async () => {
  const options = atariOptions({ fireReset: true, maxNumFramesPerEpisode: 3000, rewardClip: false });
  const player = ruled(4, chosen);
  const open = (count: number, workers: number) => AtariGames.create({ game: 'Breakout', options, count, workers });
  const games = await played(player, await open(3, 3), { episodes: 5, greedy: true });
  assert.deepEqual(games, await played(player, await open(1, 1), { episodes: 5, greedy: true }));
  assert.deepEqual(games, await played(player, await open(5, 2), { episodes: 5, greedy: true }));
  const env = await PreprocessedAtariEnv.create({ ...options, game: 'Breakout' });
  for (const { seed, score, livesLost, truncated, recording } of games) {
    const actions = [...(recording?.actions ?? [])];
    let { observation, info } = env.reset({ seed });
    let lives = 0;
    let steps = 0;
    for (const [step, action] of actions.entries()) {
      steps += 1;
      assert.equal(action, chosen(steps, observation), 'it saw what one environment alone shows');
      const after = env.step(action);
      ({ observation, info } = after);
      assert.equal(after.truncated, truncated && step === actions.length - 1);
      if (!after.terminated) continue;
      lives += 1;
      steps = 0;
      if (step < actions.length - 1) ({ observation, info } = env.reset());
    }
    assert.equal(info['score'], score);
    assert.equal(lives, livesLost);
    assert.equal(livesLost === 5, !truncated, 'a game has five lives');
  }
  env.close();
});

test('a game that is cut in the very step in which a life is lost counts as cut', async () => {
  for (let cap = 96; cap < 112; cap++) {
    const options = atariOptions({ maxNumFramesPerEpisode: cap, noopMax: 0, rewardClip: false });
    // Its second action is FIRE, and it never moves: the first ball is lost.
    const games = await AtariGames.create({ game: 'Breakout', options, count: 1 });
    const [game] = await played(rhythmic(2), games, { episodes: 1, greedy: true });
    assert.deepEqual([game?.truncated, (game?.livesLost ?? 5) < 5], [true, true], `${cap} frames`);
  }
});

test('an episode of a task that goes over its limit of steps was cut', async () => {
  const mountainCar = listedByName('MountainCar-v0');
  assert.ok(mountainCar);
  const [game] = await played(rhythmic(3), new ListedGames(mountainCar, 1), { episodes: 1, greedy: true });
  assert.deepEqual([game?.steps, game?.score, game?.truncated], [200, -200, true]);
});
