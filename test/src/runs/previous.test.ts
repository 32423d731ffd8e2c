import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Packr } from 'msgpackr';
import { Random } from '../../../agents/random.ts';
import { fileNames } from '../../../src/runs/file-names.ts';
import { RunFolder } from '../../../src/runs/run-folder.ts';
import { readRun } from '../../../src/runs/saved-run.ts';
import { previousOf } from '../../../src/runs/sealed-file.ts';
import { spoil } from '../../resume/mutations.ts';
import { checkpointOf, contents, sampleMetric, sampleState, settings, temporaryFolder } from './samples.ts';

/** A run with checkpoints of updates 1 and 2. */
function twoCheckpoints(context: TestContext) {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, settings);
  for (const update of [1, 2]) {
    folder.metric(sampleMetric(update));
    folder.saveCheckpoint(sampleState(update));
  }
  folder.close();
  const newest = join(path, fileNames.checkpoint);
  return { path, newest, previous: previousOf(newest) };
}

test('where the last checkpoint is damaged or gone, the one before it is taken, and this is said', (context) => {
  const { path, newest, previous } = twoCheckpoints(context);
  const [last, before] = [readFileSync(newest), readFileSync(previous)];
  const spoilt: [() => void, RegExp][] = [
    [() => writeFileSync(newest, last.subarray(0, 300)), /^\S+checkpoint\.msgpack is damaged \(300 bytes, [^\n]+\): /],
    [() => rmSync(newest), /^\S+checkpoint\.msgpack is missing: /],
  ];
  for (const [harm, why] of spoilt) {
    harm();
    const run = readRun(path);
    assert.match(run.found?.note ?? '', why);
    assert.match(run.found?.note ?? '', /: going on from checkpoint\.previous\.msgpack, of update 1$/);
    RunFolder.resume(run, settings).close();
    assert.deepEqual(readFileSync(newest), before, 'it is the last now');
    assert.equal(existsSync(previous), false);
    assert.match(readFileSync(join(path, fileNames.log), 'utf8'), /"level":"warn".*going on from checkpoint\.previous/);
    writeFileSync(previous, before);
  }
  assert.equal(readFileSync(join(path, fileNames.metrics), 'utf8').trim().split('\n').length, 1);
});

test('where both are damaged the run is refused, and both are named', (context) => {
  const { path, newest, previous } = twoCheckpoints(context);
  writeFileSync(newest, 'x');
  writeFileSync(previous, '');
  assert.throws(() => readRun(path), {
    name: 'UserError',
    message:
      /^\S+checkpoint\.msgpack is damaged \(.*\), \S+previous\.msgpack is damaged \([^\n]*\); put back a good copy/,
  });
});

test('a checkpoint of a newer version, or of another run, is refused, and not passed over', (context) => {
  const { path, newest } = twoCheckpoints(context);
  const packr = new Packr({ structuredClone: true, useRecords: false });
  const state = packr.pack({ update: 3, other: true });
  const sha256 = createHash('sha256').update('3 ').update(state).digest('hex');
  writeFileSync(newest, packr.pack({ format: 3, sha256, state }));
  assert.throws(() => readRun(path), {
    name: 'UserError',
    message: /checkpoint\.msgpack is of a newer version \(format 3, this one knows 2\); use the version that wrote it$/,
  });
  const other = twoCheckpoints(context);
  const config = JSON.parse(readFileSync(join(other.path, fileNames.config), 'utf8')) as { created: string };
  const created = new Date(Date.parse(config.created) - 1000).toISOString();
  const content = packr.pack({ ...checkpointOf(other.path), created });
  const hash = createHash('sha256').update('2 ').update(content).digest('hex');
  writeFileSync(newest, packr.pack({ format: 2, sha256: hash, state: content }));
  assert.throws(() => readRun(path), { name: 'UserError', message: /they are of two runs; put back the right one$/ });
});

test('a run in a folder that cannot be written is not gone on with, in one line, and stays as it was', (context) => {
  const { path } = twoCheckpoints(context);
  const before = contents(path);
  chmodSync(dirname(path), 0o755);
  chmodSync(path, 0o555);
  const asRoot = process.getuid?.() === 0;
  if (asRoot) process.seteuid?.(65534); // root may write everywhere
  try {
    assert.throws(() => RunFolder.resume(readRun(path), settings), {
      name: 'UserError',
      message: /^cannot write \S+run\.pid: permission denied; change the rights or choose another folder$/,
    });
  } finally {
    if (asRoot) process.seteuid?.(0);
    chmodSync(path, 0o755);
  }
  assert.deepEqual(contents(path), before);
});

test('spoilt files are refused, or the checkpoint before is taken, or they say the same; 140 of them', (context) => {
  const { path } = twoCheckpoints(context);
  const { wrong, refused, previous, other } = spoil(path, 140, new Random(1));
  assert.deepEqual([wrong, other], [[], 0]);
  assert.ok(refused > 10 && previous > 10);
  assert.equal(checkpointOf(path).update, 2);
});
