import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { readTaskResult, readTaskRun } from '../../../src/runs/task-run.ts';
import { temporaryFolder } from '../runs/samples.ts';
import { run, runAndInterrupt, runIn } from './command.ts';

const small = [
  ...['--modules', '2', '--units', '3', '--active', '1', '--batch', '2', '--train-length', '2', '--test-lengths', '3'],
  ...['--updates', '20', '--evaluate-every', '10', '--threads', '1'],
];

test('task list names every task with its command, as text and as JSON', async () => {
  const [text, json] = await Promise.all([run('task', 'list'), run('task', 'list', '--json')]);
  assert.deepEqual([text.code, json.code], [0, 0]);
  const listed = z
    .array(z.strictObject({ name: z.string(), summary: z.string(), command: z.string() }))
    .parse(JSON.parse(json.stdout));
  const commands = Object.fromEntries(listed.map(({ name, command }) => [name, command]));
  for (const name of ['copying', 'adding', 'sequential-mnist', 'sequential-cifar', 'bouncing-balls'])
    assert.equal(commands[name], `npm run task -- ${name} --core rim`);
  assert.equal(commands['RepeatPreviousEasy'], 'npm run ppo -- --game RepeatPreviousEasy --core rim');
  for (const { name, summary } of listed) assert.match(text.stdout, new RegExp(`^  ${name} +${summary}$`, 'm'));
});

test('a run trains in plain lines, says what it reached, and what comes next', async (context) => {
  const path = join(temporaryFolder(context), 'run');
  const { code, stdout, stderr } = await run('task', 'copying', ...small, '--run', path);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /update 20 of at most 20, .* updates\/s, 0 s left, loss .*validation lastTen .*best lastTen of validation/,
  );
  assert.match(
    stdout,
    /Done: 20 updates in .*\ntest-2 +lastTen \d.*\ntest-3 +lastTen .*\(selected by validation\)\n.*\n.*tables/,
  );
  assert.ok(!stdout.includes('\u001b'), 'no escape codes where stdout is no terminal');
  assert.equal(readTaskResult(path)?.ended, 'budget');
});

test('Ctrl-C finishes the update, saves, and says how to go on', async (context) => {
  const path = join(temporaryFolder(context), 'run');
  const long = [...small, '--updates', '1000000', '--patience', '0'];
  const stopped = await runAndInterrupt({ text: 'update 10 ' }, 'task', 'copying', ...long, '--run', path);
  assert.deepEqual([stopped.code, stopped.stderr], [0, '']);
  assert.match(stopped.stdout, /finishing this (update|evaluation), then saving; Ctrl-C again stops at once\n/);
  const [, updates] = /Stopped and saved: (\d+) updates in .*\n.*\nGo on: .*--resume/.exec(stopped.stdout) ?? [];
  assert.equal(readTaskRun(path).found?.content.update, Number(updates));
  assert.equal(readTaskResult(path), undefined);
});

test('Ctrl-C during the first of several seeds says which were not begun', async (context) => {
  const folder = temporaryFolder(context);
  const long = [...small, '--updates', '1000000', '--patience', '0', '--seeds', '3'];
  const { code, stdout } = await runAndInterrupt({ text: 'update 10 ', cwd: folder }, 'task', 'copying', ...long);
  assert.equal(code, 0);
  assert.match(stdout, /Go on: .*\n.*Not begun: seeds 2, 3 \(the same command with --seed 2 --seeds 2\)\n/);
});

test('seeds make a run each and a line with mean and deviation; --json prints results alone', async (context) => {
  const folder = temporaryFolder(context);
  const [seeds, json, jsonSeeds] = await Promise.all([
    runIn(folder, 'task', 'adding', ...small, '--seed', '4', '--seeds', '2'),
    run('task', 'adding', ...small, '--json', '--run', join(folder, 'json')),
    runIn(temporaryFolder(context), 'task', 'adding', ...small, '--json', '--seeds', '2'),
  ]);
  assert.deepEqual([seeds.code, json.code, jsonSeeds.code], [0, 0, 0], seeds.stderr + json.stderr + jsonSeeds.stderr);
  assert.match(seeds.stdout, /2 seeds, mean and standard deviation\ntest-2 .*\ntest-3 +squaredError \d\S* ± \d/);
  const paths = readdirSync(join(folder, 'runs')).sort();
  assert.deepEqual(
    paths.map((path) => /^adding-rim-s(\d)-/.exec(path)?.[1]),
    ['4', '5'],
  );
  const [first, second] = paths.map((path) => readTaskRun(join(folder, 'runs', path)).found?.content.parameters);
  assert.notDeepEqual(first, second);
  const told = z.object({
    ...{ path: z.string(), updates: z.literal(20), selections: z.object({}).loose() },
    settings: z.object({ seed: z.number() }).loose(),
  });
  assert.equal(told.parse(JSON.parse(json.stdout)).path, join(folder, 'json'));
  const several = z.array(told).parse(JSON.parse(jsonSeeds.stdout));
  assert.deepEqual(
    several.map(({ settings }) => settings.seed),
    [1, 2],
  );
});

test('a seed that goes wrong is told at once, and the seeds after it are trained', async (context) => {
  const folder = temporaryFolder(context);
  const spoilt = [...small, '--learning-rate', '1e30', '--seeds', '2', '--json'];
  const { code, stdout, stderr } = await runIn(folder, 'task', 'copying', ...spoilt);
  assert.equal(code, 2);
  assert.match(stderr, /^error: seed 1: [^\n]*diverged[^\n]*\nerror: seed 2: [^\n]*diverged[^\n]*\n$/);
  assert.deepEqual(JSON.parse(stdout), []);
  assert.equal(readdirSync(join(folder, 'runs')).length, 2);
});

test('a finished run is not resumed without more updates; with them it goes on', async (context) => {
  const path = join(temporaryFolder(context), 'run');
  await run('task', 'copying', ...small, '--run', path);
  const refused = await run('task', 'copying', '--resume', path);
  assert.deepEqual([refused.code, refused.stdout], [2, '']);
  assert.match(refused.stderr, /^error: .* has made all its 20 updates; to go on, give --updates above that\n$/);
  const resumed = await run('task', 'copying', '--resume', path, '--updates', '40');
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.equal(readTaskRun(path).found?.content.update, 40);
});

test('mistakes are told in one line, with the mend, and leave nothing behind', async (context) => {
  const folder = temporaryFolder(context);
  const path = join(folder, 'run');
  const mistakes: [string[], RegExp][] = [
    [['coppying'], /unknown task "coppying"; take one of copying, adding/],
    [['TMaze10'], /TMaze10 is learned by PPO: npm run ppo -- --game TMaze10/],
    [['copying', '--core', 'transformer'], /--core "transformer": must be one of rim, brim, lstm, gru, ff/],
    [['copying', '--active', '7', '--run', path], /7 active modules of 6/],
    [['copying', '--core', 'lstm', '--units', '7'], /--units does nothing with --core lstm/],
    [
      ['copying', '--no-input-attention', '--run', path],
      /--no-input-attention with 4 active modules of 6: .*; take --active 6$/m,
    ],
    [['copying', '--test-lengths', 'long', '--run', path], /--test-lengths "long": must be whole numbers/],
    [[], /^error: name a task: copying, adding, .* \(npm run task -- list tells what they are\)$/m],
    [['copying', '--seed', '2147483647', '--seeds', '2'], /--seeds 2: the last seed, 2147483648, is too large; take a/],
    [['copying', '--seeds', '0'], /--seeds "0": must be a whole number, 1 to 100/],
    [['copying', '--seeds', '2', '--run', path], /--seeds trains in several folders/],
    [
      ['copying', '--run', path, '--resume', path],
      /--run begins a run and --resume goes on with one: give one of them/,
    ],
    [['copying', '--resume', path], /no folder \S+run; run folders lie in runs\/$/m],
    [['copying', '--learning-rate', '-1'], /--learning-rate -1: must be a number, above 0/],
    [['copying', '--updats', '3'], /unknown option '--updats'.*--updates/],
    [['sequential-cifar', '--data', folder, '--run', path], /data_batch_1\.bin/],
  ];
  const told = await Promise.all(mistakes.map(([args]) => run('task', ...args)));
  for (const [i, [args, message]] of mistakes.entries()) {
    const { code, stdout, stderr } = told[i] ?? { code: 0, stdout: '', stderr: '' };
    assert.deepEqual([code, stdout], [2, ''], args.join(' ') + stderr);
    assert.match(stderr, /^error: [^\n]*\n$/, args.join(' '));
    assert.match(stderr, message, args.join(' '));
  }
  assert.ok(!existsSync(path));
});
