import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { UserError } from '../../../envs/user-error.ts';
import { ppoOptions } from '../../../src/ppo/config.ts';
import { gameName, openEnvironment } from '../../../src/ppo/environments.ts';
import { newSession, resumedSession } from '../../../src/ppo/session.ts';
import { readEpisodes, readMetrics } from '../../../src/runs/index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rim-agents-'));
after(() => rmSync(scratch, { recursive: true }));

const small = { game: 'CueRecall', core: 'ff', envs: 4, rollout: 8, features: 4, checkpointEvery: 2, steps: 320 };
const listening = { report: (): void => {}, signal: new AbortController().signal };

test('games are known by any usual name', () => {
  for (const name of ['CueRecall', 'cue_recall', 'cue-recall']) assert.equal(gameName(name), 'CueRecall');
  for (const name of ['Breakout', 'ALE/Breakout-v5', 'breakout']) assert.equal(gameName(name), 'Breakout');
  assert.equal(gameName('space_invaders'), 'SpaceInvaders');
  assert.throws(() => gameName('Brekout'), /unknown game "Brekout".*Breakout/);
});

test('when a worker dies the run ends with its message, every file is whole, and the run can go on', async () => {
  const path = join(scratch, 'run');
  const session = await newSession(ppoOptions.parse(small), 'test', path, async (options, update) => {
    const env = await openEnvironment(options, update);
    let steps = 0;
    const dying = async (): Promise<void> => {
      if (++steps > 5 * 8 + 3) throw new UserError('environment 2 (seed 5): its worker ended');
    };
    return Object.assign(env, { wait: dying });
  });
  await assert.rejects(session.train(listening), { name: 'UserError', message: /environment 2 \(seed 5\)/ });
  await session.close();
  assert.equal(readMetrics(path).length, 5);
  assert.ok(readEpisodes(path).length > 0);

  const resumed = await resumedSession(path, {});
  assert.equal(resumed.agentStep, 4 * 8 * 4, 'the checkpoint of update 4');
  await resumed.train(listening);
  await resumed.close();
  assert.deepEqual(
    readMetrics(path).map(({ update }) => update),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
});

test('a run whose environments cannot be closed leaves its folder whole and free all the same', async () => {
  const path = join(scratch, 'unclosed');
  const options = ppoOptions.parse({ ...small, steps: 32 });
  const session = await newSession(options, 'test', path, async (options, update) =>
    Object.assign(await openEnvironment(options, update), {
      close: () => Promise.reject(new Error('a worker does not end')),
    }),
  );
  await session.train(listening);
  await assert.rejects(session.close(), /a worker does not end/);
  assert.equal(existsSync(join(path, 'run.pid')), false);
  const resumed = await resumedSession(path, { steps: 64 });
  await resumed.close();
});
