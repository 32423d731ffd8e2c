import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileNames } from '../../../src/runs/file-names.ts';
import { defaultRunPath, RunFolder } from '../../../src/runs/run-folder.ts';
import { readConfig, readEpisodes, readMetrics, readRun } from '../../../src/runs/saved-run.ts';
import {
  checkpointOf,
  contents,
  sampleEpisode,
  sampleMetric,
  sampleState,
  script,
  settings,
  temporaryFolder,
} from './samples.ts';

/** Notes one update with two games, as a trainer does. */
function update(folder: RunFolder, number: number): void {
  folder.episode(sampleEpisode(number * 1024 - 500, number));
  folder.episode(sampleEpisode(number * 1024, number + 1));
  folder.metric(sampleMetric(number));
  folder.flush();
}

test('a run folder holds what it was told', (context) => {
  const path = join(temporaryFolder(context), 'deep', 'run');
  const folder = RunFolder.create(path, settings);
  folder.log.warn({ update: 1 }, 'slow');
  update(folder, 1);
  folder.saveCheckpoint(sampleState(1));
  folder.close();

  const { format, versions, processor, created, ...rest } = readConfig(path);
  assert.deepEqual({ ...rest, versions: settings.versions }, settings);
  assert.equal(format, 1);
  assert.equal(versions['node'], process.versions.node);
  assert.equal(versions['ale'], '0.12.1');
  assert.ok(processor.cores >= 1 && !Number.isNaN(Date.parse(created)));
  assert.deepEqual(readEpisodes(path), [sampleEpisode(524, 1), sampleEpisode(1024, 2)]);
  assert.deepEqual(readMetrics(path), [sampleMetric(1)]);
  const { fileLengths, created: begun, ...state } = checkpointOf(path);
  assert.equal(begun, created);
  assert.deepEqual(state, sampleState(1));
  assert.equal(fileLengths['episodes.jsonl'], statSync(join(path, 'episodes.jsonl')).size);
  const log = JSON.parse(readFileSync(join(path, fileNames.log), 'utf8')) as Record<string, unknown>;
  assert.deepEqual([log['level'], log['update'], log['msg']], ['warn', 1, 'slow']);
});

test('a resumed run stands where its checkpoint was saved, whatever came after it, half a line included', (context) => {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, settings);
  update(folder, 1);
  folder.saveCheckpoint(sampleState(1));
  const saved = contents(path);
  update(folder, 2);
  folder.close();
  appendFileSync(join(path, fileNames.episodes), '{"env":0,"see');
  appendFileSync(join(path, fileNames.events), Buffer.from([1, 2, 3]));
  appendFileSync(join(path, fileNames.log), '{"level":"inf');

  const run = readRun(path);
  assert.equal(run.found?.content.update, 1);
  RunFolder.resume(run, settings).close();
  const { [fileNames.log]: log = '', ...others } = Object.fromEntries(contents(path));
  for (const name of [fileNames.log, fileNames.claim]) saved.delete(name);
  assert.deepEqual(others, Object.fromEntries(saved));
  for (const line of log.trim().split('\n')) JSON.parse(line);
  assert.match(log, /"update":1,"agentStep":1024,"changed":\{\},"versions":.*"msg":"resumed"\}\n$/);

  const resumed = RunFolder.resume(readRun(path), settings);
  update(resumed, 2);
  resumed.close();
  assert.deepEqual(
    readEpisodes(path).map(({ score }) => score),
    [1, 2, 2, 3],
  );
  assert.deepEqual(
    readMetrics(path).map((metric) => metric.update),
    [1, 2],
  );
});

test('options that change at a resumption are in force in config.json; the log says what it runs on', (context) => {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, settings);
  folder.saveCheckpoint(sampleState(1));
  folder.close();
  const before = readConfig(path);
  const options = { ...settings.options, steps: 8192 };
  RunFolder.resume(readRun(path), { options, versions: { ...settings.versions, kernels: 'portable' } }).close();
  assert.deepEqual(readConfig(path), { ...before, options });
  const log = JSON.parse(readFileSync(join(path, fileNames.log), 'utf8')) as Record<string, unknown>;
  assert.deepEqual(log['changed'], { steps: [4096, 8192] });
  assert.deepEqual(log['versions'], { ...before.versions, kernels: 'portable' });
  assert.deepEqual(log['processor'], before.processor);
});

test('reading a run in order to resume it changes nothing', (context) => {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, settings);
  folder.saveCheckpoint(sampleState(0));
  update(folder, 1);
  folder.close();
  const before = contents(path);
  readRun(path);
  assert.deepEqual(contents(path), before);
});

test('a run whose files are shorter than the checkpoint says is refused, and nothing is cut', (context) => {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, settings);
  update(folder, 1);
  folder.saveCheckpoint(sampleState(1));
  update(folder, 2);
  folder.close();
  truncateSync(join(path, fileNames.events), 10);
  const before = contents(path);
  assert.throws(() => RunFolder.resume(readRun(path), settings), {
    name: 'UserError',
    message: /tfevents\S+ has 10 bytes, but the checkpoint/,
  });
  assert.deepEqual(contents(path), before);
  rmSync(join(path, fileNames.metrics));
  assert.throws(() => RunFolder.resume(readRun(path), settings), {
    name: 'UserError',
    message: /metrics\.jsonl is missing: put it back/,
  });
});

test('a run killed while it appends can be resumed: every line up to the checkpoint is there once', async (context) => {
  const path = join(temporaryFolder(context), 'run');
  const body = `
    const folder = RunFolder.create(${JSON.stringify(path)}, settings);
    for (let update = 1; ; update++) {
      for (let game = 0; game < 50; game++) folder.episode(sampleEpisode(update * 1024, update));
      folder.metric(sampleMetric(update));
      folder.flush();
      if (update % 5 === 0) folder.saveCheckpoint(sampleState(update));
    }`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script(body)], {
    stdio: 'inherit',
  });
  context.after(() => child.kill('SIGKILL'));
  while (!existsSync(join(path, fileNames.checkpoint))) await sleep(10);
  await sleep(50);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const run = readRun(path);
  RunFolder.resume(run, settings).close();
  const { update: last } = checkpointOf(path);
  assert.deepEqual(
    readMetrics(path).map((metric) => metric.update),
    Array.from({ length: last }, (_, i) => i + 1),
  );
  assert.deepEqual(
    readEpisodes(path).map(({ score }) => score),
    Array.from({ length: last * 50 }, (_, i) => 1 + Math.floor(i / 50)),
  );
});

test('what cannot be a run folder is refused in one line, and nothing is left behind', (context) => {
  const root = temporaryFolder(context);
  const file = join(root, 'file');
  writeFileSync(file, 'x');
  const refused = (path: string, message: RegExp): void => {
    assert.throws(() => RunFolder.create(path, settings), { name: 'UserError', message });
  };
  refused(join(file, 'run'), /a part of the path is a file/);
  refused(file, /file: there is a file of that name; choose another path$/);
  refused('/proc/rim-agents', /^cannot make \/proc\/rim-agents: [^\n]+$/);
  refused(root, /is not empty; go on with its run by --resume/);
  refused(join(root, 'n'.repeat(300)), /the name is too long/);
  refused(join(root, 'made', 'for', 'n'.repeat(300)), /the name is too long/);
  assert.deepEqual(readdirSync(root), ['file']);
});

test('a folder without the right to write is refused, be it the one that is given or its parent', (context) => {
  const folder = join(temporaryFolder(context), 'read-only');
  mkdirSync(folder, { mode: 0o555 });
  chmodSync(dirname(folder), 0o755);
  const asRoot = process.getuid?.() === 0;
  if (asRoot) process.seteuid?.(65534); // root may write everywhere
  try {
    for (const path of [folder, join(folder, 'run')])
      assert.throws(() => RunFolder.create(path, settings), {
        name: 'UserError',
        message: /^cannot (make|write) \S+: permission denied; change the rights or choose another folder$/,
      });
  } finally {
    if (asRoot) process.seteuid?.(0);
  }
  assert.deepEqual(readdirSync(folder), []);
});

test('a folder that cannot be written to the end is taken away again', (context) => {
  const root = temporaryFolder(context);
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const openFiles = readdirSync('/dev/fd').length;
  const fail = (path: string): void =>
    assert.throws(() => RunFolder.create(path, { ...settings, options: circular }), TypeError);
  fail(join(root, 'parent', 'run'));
  assert.deepEqual(readdirSync(root), [], 'parents that were made are taken away, too');
  mkdirSync(join(root, 'mine'));
  fail(join(root, 'mine'));
  fail(join(root, 'mine', 'run'));
  assert.deepEqual(readdirSync(root, { recursive: true }), ['mine'], 'what was there before stays');
  assert.equal(readdirSync('/dev/fd').length, openFiles, 'no file stays open');
});

test('damaged or missing files are named in one line', (context) => {
  const root = temporaryFolder(context);
  const path = join(root, 'run');
  const refused = (read: () => unknown, message: RegExp): void => {
    assert.throws(
      read,
      (error: Error) => error.name === 'UserError' && message.test(error.message) && !error.message.includes('\n'),
    );
  };
  refused(() => readRun(path), /^no folder /);
  refused(() => readRun(root), /is no run folder: it has no config\.json/);
  const folder = RunFolder.create(path, settings);
  assert.equal(readRun(path).found, undefined);
  folder.saveCheckpoint({
    ...sampleState(1),
    parameters: new Float32Array(9),
    m: new Float32Array(9),
    v: new Float32Array(9),
  });
  refused(() => readRun(path), /has 9 parameters, config\.json says 10/);
  folder.saveCheckpoint(sampleState(1));
  folder.close();

  writeFileSync(join(path, fileNames.episodes), `${JSON.stringify(sampleEpisode(1, 2))}\n{"env":1}\n`);
  refused(() => readEpisodes(path), /episodes\.jsonl, line 2 is damaged .*seed/);
  writeFileSync(
    join(path, fileNames.episodes),
    `${JSON.stringify({ ...sampleEpisode(1, 2), activation: { nearZero: 0, shares: [2] } })}\n`,
  );
  refused(() => readEpisodes(path), /episodes\.jsonl, line 1 is damaged/);
  writeFileSync(join(path, fileNames.config), '{"format":1');
  refused(() => readRun(path), /config\.json is damaged/);
});

test('a line that is just being written is left out', (context) => {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, settings);
  update(folder, 1);
  folder.close();
  appendFileSync(join(path, fileNames.episodes), '{"env":1');
  assert.equal(readEpisodes(path).length, 2);
});

test('a number that is not finite is null in the metrics', (context) => {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, settings);
  folder.metric({ ...sampleMetric(1), valueLoss: NaN });
  folder.close();
  assert.equal(readMetrics(path)[0]?.valueLoss, null);
});

test('a run is named after game, core, seed and time, with no character that a shell minds', () => {
  const now = new Date('2026-01-31T23:59:58.700Z');
  assert.equal(defaultRunPath('Breakout', 'rim', 7, now), join('runs', 'Breakout-rim-s7-20260131-235958'));
  assert.equal(defaultRunPath('a/b c', 'ff', 0, now), join('runs', 'a_b_c-ff-s0-20260131-235958'));
});
