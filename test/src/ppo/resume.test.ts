import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ppoOptions } from '../../../src/ppo/config.ts';
import { newSession, resumedSession, type Session } from '../../../src/ppo/session.ts';
import { readEpisodes, readMetrics } from '../../../src/runs/index.ts';
import { checkpointOf, temporaryFolder } from '../runs/samples.ts';

/** Networks and rollouts of a second's work; games short enough that some end, and some are under way at every stop. */
const small = {
  ...{ envs: 4, rollout: 16, epochs: 1, minibatches: 2, checkpointEvery: 100 },
  ...{ features: 12, modules: 3, units: 4, active: 2, hidden: 5, layers: '2x4:1,2x3:1' },
};

/** Trains, and stops after so many updates of this session, if at all. */
async function train(session: Session, updates = Infinity): Promise<void> {
  const stop = new AbortController();
  let done = 0;
  try {
    await session.train({ report: () => ++done >= updates && stop.abort(), signal: stop.signal });
  } finally {
    await session.close();
  }
}

/** All that a run leaves but times, speeds and memory, which no two runs share. */
function left(path: string) {
  const { seconds: _, fileLengths: __, created: ___, ...state } = checkpointOf(path);
  return {
    state,
    weights: readFileSync(join(path, 'agent/weights.safetensors')),
    episodes: readEpisodes(path).map((line) => ({ ...line, seconds: 0 })),
    metrics: readMetrics(path).map((line) => ({ ...line, seconds: 0, stepsPerSecond: 0, stages: {}, memory: {} })),
  };
}

/** A run that is stopped after its first and third update, and one that is not. @param change for the second part */
async function both(context: TestContext, given: Record<string, unknown>, change: Record<string, unknown> = {}) {
  const options = ppoOptions.parse({ ...small, steps: 64 * 7, ...given });
  const [whole, parts] = ['whole', 'parts'].map((name) => join(temporaryFolder(context), name)) as [string, string];
  await train(await newSession(options, 'test', whole));
  await train(await newSession(options, 'test', parts), 1);
  await train(await resumedSession(parts, change), 2);
  await train(await resumedSession(parts, {}));
  return { whole: left(whole), parts: left(parts) };
}

for (const [game, core, more] of [
  ['Breakout', 'rim', { frameCap: 300, sticky: 0.25, fireReset: true, workers: 1, threads: 1 }],
  ['CartPole', 'brim', {}],
  ['Acrobot', 'ff', { rollout: 130, steps: 520 * 5 }],
  ['RepeatPreviousEasy', 'lstm', {}],
  ['CountRecallEasy', 'gru', { envs: 2 }],
  ['TMaze10', 'rim', { rollout: 40, steps: 160 * 5 }],
] as const)
  test(`${game} with ${core}, stopped twice, ends bit for bit as the run that was not`, async (context) => {
    const change = game === 'Breakout' ? { workers: 3, groups: 2, threads: 2 } : {};
    const { whole, parts } = await both(context, { game, core, ...more }, change);
    assert.ok(whole.episodes.length > 0, 'games ended');
    assert.ok(
      whole.state.play?.activation.games.some(({ steps }) => steps > 0),
      'games are under way',
    );
    assert.deepEqual(parts, whole);
  });
