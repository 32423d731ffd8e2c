import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readEpisodes, readMetrics } from '../../../src/runs/index.ts';
import { type Outcome, run, runAndInterrupt, runIn } from './command.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rim-agents-'));
after(() => rmSync(scratch, { recursive: true }));

const small = '--game CueRecall --core gru --envs 8 --rollout 16 --features 8 --hidden 8 --checkpoint-every 2'.split(
  ' ',
);

/** Runs the command; sends SIGINT once the text has appeared on stdout, if one is given. */
const ppo = (args: readonly string[], interruptAfter?: string): Promise<Outcome> =>
  interruptAfter === undefined ? run('ppo', ...args) : runAndInterrupt({ text: interruptAfter }, 'ppo', ...args);

async function refuses(args: readonly string[], message: RegExp): Promise<void> {
  const { code, stderr } = await ppo(args);
  assert.match(stderr, message);
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
  assert.equal(code, 2);
}

test('mistaken flags and values are refused in one line with exit code 2, before anything is written', async () => {
  const path = join(scratch, 'refused');
  const cases: [string, RegExp][] = [
    ['--game Brekout', /unknown game "Brekout".*Breakout/],
    ['--stepz 3', /unknown option '--stepz'.*--steps/],
    ['--sticky 1.5', /--sticky 1.5: must be a number, 0 to 1/],
    ['--core transformer', /--core "transformer": must be one of rim, brim, lstm, gru, ff/],
    ['--envs 8 --minibatches 3', /--envs 8 .*--minibatches 3/],
    ['--active 7', /7 active modules of 6: --active must not exceed --modules/],
    ['--core lstm --modules 3', /--modules does nothing with --core lstm/],
    ['--input-elements 7 --game CueRecall', /510 features cannot be cut into 7 input elements/],
    ['--resume x', /--run .*--resume/],
    ['--seeds 2', /--seeds trains in several folders, --run names one/],
    [
      '--game CueRecall --modules 64 --active 64 --units 4096',
      /^error: [\d,]+ parameters, .* need \d+\.\d GiB, more than the .* that this machine has; make the network/,
    ],
    ['--seeds 0', /--seeds "0": must be a whole number, 1 to 100/],
  ];
  await Promise.all(cases.map(([args, message]) => refuses([...args.split(' '), '--run', path], message)));
  assert.ok(!existsSync(path));
});

test('seeds train a run each', async () => {
  const folder = mkdtempSync(join(scratch, 'seeds-'));
  const steps = ['--steps', '256', '--seed', '4', '--seeds', '2'];
  const { code, stderr } = await runIn(folder, 'ppo', ...small, ...steps);
  assert.deepEqual([code, stderr], [0, '']);
  const runs = readdirSync(join(folder, 'runs')).sort();
  assert.deepEqual(
    runs.map((name) => /-s(\d)-/.exec(name)?.[1]),
    ['4', '5'],
  );
});

test('folders that cannot be used are refused in one line', async () => {
  const file = join(scratch, 'file');
  writeFileSync(file, 'mine');
  await refuses([...small, '--run', join(file, 'run')], /cannot make .*file.*choose another/);
  await refuses([...small, '--run', file], /cannot make the folder .*: there is a file of that name; choose another/);
  await refuses(['--resume', join(scratch, 'nowhere')], /no folder .*nowhere/);
  await refuses(['--resume', scratch], /no run folder/);
  assert.equal(readFileSync(file, 'utf8'), 'mine');
});

test('Ctrl-C saves and says how to go on; the resumed run does, and refuses another architecture', async () => {
  const path = join(scratch, 'run');
  const stopped = await ppo([...small, '--steps', '1e8', '--run', path], 'agent steps');
  assert.equal(stopped.code, 0, stopped.stderr);
  assert.match(stopped.stdout, new RegExp(`--resume ${path}`));
  const before = readMetrics(path);
  const done = before.at(-1)?.agentStep ?? 0;
  assert.ok(done > 0);

  await refuses(['--resume', path, '--core', 'lstm'], /trained with core gru, not lstm: leave --core out/);
  await refuses(['--resume', path, '--workers', '0'], /--workers 0: must be a whole number, 1 to 256/);
  const damaged = join(scratch, 'damaged');
  cpSync(path, damaged, { recursive: true });
  const checkpoint = join(damaged, 'checkpoint.msgpack');
  writeFileSync(checkpoint, readFileSync(checkpoint).subarray(0, 5000));
  const previous = join(damaged, 'checkpoint.previous.msgpack');
  const more = ['--steps', String(done + 1000)];
  const gone = await ppo(['--resume', damaged, ...more]);
  assert.equal(gone.code, 0);
  assert.match(
    gone.stdout,
    /checkpoint\.msgpack is damaged .*going on from checkpoint\.previous\.msgpack, of update \d/,
  );
  writeFileSync(checkpoint, '');
  rmSync(previous);
  await refuses(['--resume', damaged, ...more], /checkpoint\.msgpack is damaged/);

  const resumed = await ppo(['--resume', path, '--game', 'cue-recall', ...more]);
  assert.equal(resumed.code, 0, resumed.stderr);
  const updates = readMetrics(path).map(({ update }) => update);
  assert.deepEqual(
    updates,
    updates.map((_, i) => i + 1),
  );
  assert.deepEqual(readMetrics(path).slice(0, before.length), before);
  const steps = readEpisodes(path).map(({ agentStep }) => agentStep);
  assert.deepEqual(
    steps,
    [...steps].sort((a, b) => a - b),
  );
  await refuses(['--resume', path, '--steps', String(done)], /has made \d+ steps; to go on, give --steps above that/);
});
