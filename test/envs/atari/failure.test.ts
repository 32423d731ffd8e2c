import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AtariPool } from '../../../envs/atari/index.ts';
import { environmentSeed } from '../../../envs/seeds.ts';
import { breakWorkers, entry, killNewestWorker, workerBreaks } from './broken.ts';
import { playRandomly } from './play.ts';

const options = { game: 'Pong', envs: 4, workers: 2, rolloutSteps: 32, seed: 9 };

/** A pool whose workers break so, after so many steps; they take over the environment variables when they start. */
async function brokenPool(how: string, after = 20, groups = 1, more = {}): Promise<AtariPool> {
  breakWorkers(how, after);
  return AtariPool.create({ ...options, groups, ...more }, entry);
}

describe('a worker that breaks is named in one line, with environment and seed, and ends them all', () => {
  for (const [how, reason] of [
    ['throw', /: the cartridge melted; go on from the last checkpoint/],
    ['exit', /: its thread ended with exit code 7; go on from the last checkpoint/],
  ] as const) {
    for (const groups of [1, 2]) {
      test(`it ${how}s, ${groups} groups`, async () => {
        const pool = await brokenPool(how, 20, groups);
        const error = await playRandomly(pool, 1).then(
          () => assert.fail('it went on'),
          (error: Error) => error,
        );
        assert.equal(error.name, 'UserError');
        assert.match(error.message, reason);
        assert.doesNotMatch(error.message, /\n/);
        const [, env, seed] = /^Pong, environment (\d) \(seed (\d+)\)/.exec(error.message) ?? [];
        assert.equal(Number(seed), environmentSeed(options.seed, Number(env)));
        await assert.rejects(pool.wait(0), error, 'and again to whoever asks');
        await pool.close();
      });
    }
  }

  test('it dies between two steps', async () => {
    const pool = await AtariPool.create({ ...options, workers: 1 });
    await playRandomly(pool, 1);
    await killNewestWorker();
    pool.send(0, 0, new Int32Array(4));
    const seeds = [0, 1, 2, 3].map((env) => environmentSeed(options.seed, env)).join(', ');
    const reason = 'its thread ended with exit code 1; go on from the last checkpoint';
    const message = `Pong, environments 0, 1, 2, 3 (seeds ${seeds}): ${reason}`;
    await assert.rejects(pool.wait(0), { name: 'UserError', message });
    await pool.close();
  });

  test('it does not load', async () => {
    await assert.rejects(brokenPool('load'), {
      name: 'UserError',
      message: /^Pong, environments (0, 2|1, 3) \(seeds \d+, \d+\): no such thing$/,
    });
  });

  test('the pool is closed while a step is awaited', async () => {
    const pool = await AtariPool.create(options);
    const playing = playRandomly(pool, 1000);
    await Promise.all([assert.rejects(playing, /the environments are closed/), pool.close()]);
  });

  test('it hangs', async () => {
    const pool = await brokenPool('hang', 20, 1, { stepLimit: 1 });
    const message =
      /^Pong, environment \d \(seed \d+\): it got nothing done within 1 s; go on from the last checkpoint$/;
    await assert.rejects(playRandomly(pool, 1), { name: 'UserError', message });
    await pool.close();
  });

  test('it hangs before it has begun', async () => {
    const message = /^Pong, environments \d, \d \(seeds \d+, \d+\): it did not start within 1 s$/;
    await assert.rejects(brokenPool('hang at load', 0, 1, { startLimit: 1 }), { name: 'UserError', message });
  });

  test('a worker that hangs can be closed', async () => {
    const pool = await brokenPool('hang', 0);
    const hanging = workerBreaks();
    await pool.reset();
    pool.send(0, 0, new Int32Array(4));
    await hanging;
    await pool.close();
  });
});

describe('a process with a pool', { concurrency: 2 }, () => {
  const script = fileURLToPath(new URL('./process.ts', import.meta.url));
  const run = (what: string) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, what], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.resume();
    const end = once(child, 'exit', { signal: AbortSignal.timeout(60_000) }).finally(() => child.kill('SIGKILL'));
    return { child, end: end.then(([code]) => ({ code: code as number | null, out })) };
  };

  for (const what of ['exit-idle', 'exit-busy']) {
    test(`ends at process.exit (${what})`, async () => {
      assert.equal((await run(what).end).code, 3);
    });
  }

  test('ends at an uncaught error', async () => {
    assert.equal((await run('throw').end).code, 1);
  });

  test('ends by itself once the pool is closed, however often', async () => {
    assert.deepEqual(await run('close').end, { code: 0, out: 'closed\n' });
  });

  test('ends by itself where the pool is closed while it restores', async () => {
    const { code, out } = await run('close-restoring').end;
    assert.deepEqual({ code, out }, { code: 0, out: 'closed: the environments are closed\n'.repeat(3) });
  });

  test('hears Ctrl-C while it plays', async () => {
    const { child, end } = run('interrupt');
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    assert.deepEqual(await end, { code: 0, out: 'playing\nstopped\n' });
  });

  test('sleeps while nothing is to be done', async () => {
    const { out } = await run('cpu').end;
    assert.ok(Number(out) < 0.1, `busy for ${out.trim()} of the time`);
  });
});
