import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { rimDefaults } from '../../../agents/cores/options.ts';
import { UserError } from '../../../envs/user-error.ts';
import { ppoOptions } from '../../../src/ppo/config.ts';
import { openEnvironment } from '../../../src/environments/rollout.ts';
import { newSession, resumedSession } from '../../../src/ppo/session.ts';
import { readEpisodes, readMetrics } from '../../../src/runs/index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rim-agents-'));
after(() => rmSync(scratch, { recursive: true }));

const small = { game: 'CueRecall', core: 'ff', envs: 4, rollout: 8, features: 4, checkpointEvery: 2, steps: 320 };
const listening = { report: (): void => {}, signal: new AbortController().signal };

test('a task with continuous actions is refused in one line', async () => {
  const options = ppoOptions.parse({ ...small, game: 'Pendulum' });
  await assert.rejects(newSession(options, 'test', join(scratch, 'continuous')), {
    name: 'UserError',
    message: /^Pendulum-v1 has continuous actions.*PendulumDiscrete-v1/,
  });
  assert.equal(existsSync(join(scratch, 'continuous')), false);
});

for (const game of ['CartPole', 'RepeatPreviousEasy', 'AutoencodeEasy', 'CountRecallHard', 'TMaze10', 'GridPickup']) {
  test(`${game} trains`, async () => {
    const options = ppoOptions.parse({ ...small, game, core: 'gru', hidden: 4, steps: 64 });
    const session = await newSession(options, 'test', join(scratch, game));
    const { agentStep } = await session.train(listening);
    await session.close();
    assert.equal(agentStep, 64);
  });
}

test('when a worker dies the run ends with its message, every file is whole, and the run can go on', async () => {
  const path = join(scratch, 'run');
  const session = await newSession(ppoOptions.parse(small), 'test', path, async (options) => {
    const env = await openEnvironment(options);
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
  const session = await newSession(options, 'test', path, async (options) =>
    Object.assign(await openEnvironment(options), {
      close: () => Promise.reject(new Error('a worker does not end')),
    }),
  );
  await session.train(listening);
  await assert.rejects(session.close(), /a worker does not end/);
  assert.equal(existsSync(join(path, 'run.pid')), false);
  const resumed = await resumedSession(path, { steps: 64 });
  await resumed.close();
});

test('brim trains, and says of every module of every layer how often it was active', async () => {
  const path = join(scratch, 'brim');
  const options = ppoOptions.parse({ ...small, core: 'brim', layers: '4x4:2,3x5:1', steps: 64 });
  const session = await newSession(options, 'test', path);
  await session.train(listening);
  await session.close();
  const { activation } = readMetrics(path).at(-1) ?? {};
  assert.ok(activation && 'shares' in activation);
  const total = (shares: readonly number[]): number => shares.reduce((sum, share) => sum + share, 0);
  assert.deepEqual([activation.modules, activation.active, activation.shares.length], [7, 3, 7]);
  assert.ok(Math.abs(total(activation.shares.slice(0, 4)) - 2) < 1e-6);
  assert.ok(Math.abs(total(activation.shares.slice(4)) - 1) < 1e-6);
});

test('a run from before a RIM had variants goes on', async () => {
  const path = join(scratch, 'old');
  const rim = { core: 'rim', modules: 3, units: 4, active: 2, inputValue: 16 };
  const session = await newSession(ppoOptions.parse({ ...small, ...rim, steps: 32 }), 'test', path);
  await session.train(listening);
  await session.close();
  const file = join(path, 'config.json');
  const { sha256: _, ...config } = JSON.parse(readFileSync(file, 'utf8')) as {
    sha256: string;
    options: Record<string, unknown>;
    agent: { core: Record<string, unknown> };
  };
  const sizes = ['inputKey', 'inputValue', 'commHeads', 'commKey', 'commValue', 'initialisation'];
  for (const name of Object.keys(rimDefaults(4))) {
    delete config.options[name];
    if (!sizes.includes(name)) delete config.agent.core[name];
  }
  writeFileSync(file, JSON.stringify(config));
  await assert.rejects(resumedSession(path, { steps: 64, rnn: 'gru' }), /was trained with rnn lstm, not gru/);
  const resumed = await resumedSession(path, { steps: 64 });
  const { agentStep } = await resumed.train(listening);
  await resumed.close();
  assert.equal(agentStep, 64);
});
