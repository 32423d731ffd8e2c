import assert from 'node:assert/strict';
import { readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ppoOptions } from '../../../src/ppo/config.ts';
import { newSession, resumedSession, type Session } from '../../../src/ppo/session.ts';
import { fileNames } from '../../../src/runs/file-names.ts';
import { readEpisodes, readMetrics } from '../../../src/runs/index.ts';
import { writeSealed } from '../../../src/runs/sealed-file.ts';
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

test('a run that was killed before its first checkpoint begins where it was to begin', async (context) => {
  const options = ppoOptions.parse({ ...small, steps: 64 * 3, game: 'CueRecall', core: 'ff' });
  const [whole, begun] = ['whole', 'begun'].map((name) => join(temporaryFolder(context), name)) as [string, string];
  await train(await newSession(options, 'test', whole));
  await (await newSession(options, 'test', begun)).close();
  truncateSync(join(begun, fileNames.events), 3);
  const resumed = await resumedSession(begun, {});
  assert.equal(resumed.note, undefined);
  await train(resumed);
  assert.deepEqual(left(begun), left(whole));
  assert.equal(statSync(join(begun, fileNames.events)).size, statSync(join(whole, fileNames.events)).size);
});

test('a checkpoint of an older version, without games under way, begins new ones and says so', async (context) => {
  const path = join(temporaryFolder(context), 'old');
  const options = ppoOptions.parse({ ...small, steps: 64 * 3, game: 'CueRecall', core: 'gru' });
  await train(await newSession(options, 'test', path), 1);
  const { play: _, created: __, ...old } = checkpointOf(path);
  writeSealed(join(path, fileNames.checkpoint), old);
  const resumed = await resumedSession(path, {});
  assert.match(resumed.note ?? '', /older version.*new games/);
  await train(resumed);
  assert.equal(checkpointOf(path).agentStep, 64 * 3);
});

test('states and statistics of another network or of more environments are refused in one line', async (context) => {
  const path = join(temporaryFolder(context), 'run');
  const options = ppoOptions.parse({ ...small, steps: 64 * 3, game: 'CueRecall', core: 'gru' });
  await train(await newSession(options, 'test', path), 1);
  const { play, ...state } = checkpointOf(path);
  assert.ok(play);
  const game = play.activation.games[0];
  for (const wrong of [
    { keep: new Float32Array(5) },
    { states: [] },
    { activation: { ...play.activation, games: [game] } },
    { activation: { ...play.activation, previous: new Uint8Array(3) } },
    { environments: Uint8Array.of(1, 2, 3) },
  ]) {
    writeSealed(join(path, fileNames.checkpoint), { ...state, play: { ...play, ...wrong } });
    const resumed = await resumedSession(path, {});
    await assert.rejects(train(resumed), { name: 'UserError', message: /^[^\n]+$/ });
  }
});
