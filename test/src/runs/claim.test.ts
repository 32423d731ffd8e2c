import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { RunFolder } from '../../../src/runs/run-folder.ts';
import { fileNames } from '../../../src/runs/file-names.ts';
import { readEpisodes, readRun } from '../../../src/runs/saved-run.ts';
import { checkpointOf, contents, script, settings, temporaryFolder } from './samples.ts';

test('a run that another process is writing is left alone; one whose process was killed is not', async (context) => {
  const path = join(temporaryFolder(context), 'run');
  const body = `
    const folder = RunFolder.create(${JSON.stringify(path)}, settings);
    folder.saveCheckpoint(sampleState(1));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script(body)]);
  context.after(() => child.kill('SIGKILL'));
  while (!existsSync(join(path, fileNames.checkpoint))) await sleep(10);
  const before = contents(path);
  assert.throws(() => RunFolder.resume(readRun(path), settings), {
    name: 'UserError',
    message: new RegExp(`^process ${child.pid} is still writing this run; stop it first`),
  });
  assert.deepEqual(contents(path), before);
  child.kill('SIGKILL');
  await once(child, 'exit');
  RunFolder.resume(readRun(path), settings).close();
  assert.equal(existsSync(join(path, fileNames.claim)), false);
});

test('of several processes that begin a run in one folder one does, and its files are left alone', async (context) => {
  const root = temporaryFolder(context);
  const [path, go] = [join(root, 'deep', 'run'), join(root, 'go')];
  const body = `
    const { existsSync, writeFileSync } = await import('node:fs');
    writeFileSync(${JSON.stringify(root)} + '/ready-' + process.pid, '');
    while (!existsSync(${JSON.stringify(go)}));
    await runCommand(async () => {
      const folder = RunFolder.create(${JSON.stringify(path)}, settings);
      folder.episode(sampleEpisode(1, process.pid));
      folder.saveCheckpoint(sampleState(1));
      setTimeout(() => folder.close(), 500);
    });`;
  const children = [0, 1, 2].map(() => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script(body)]);
    context.after(() => child.kill('SIGKILL'));
    return { child, said: text(child.stderr), exit: once(child, 'exit') };
  });
  while (readdirSync(root).length < children.length) await sleep(10);
  writeFileSync(go, '');
  const ended = await Promise.all(
    children.map(async ({ child, said, exit }) => ({
      pid: child.pid,
      code: (await exit)[0] as number,
      said: await said,
    })),
  );
  const [winner, ...losers] = ended.toSorted((a, b) => a.code - b.code);
  assert.deepEqual([winner?.code, winner?.said], [0, '']);
  for (const { code, said } of losers) {
    assert.equal(code, 2, said);
    assert.match(said, /^error: (process \d+ is still|another process is just beginning to) [^\n]+\n$/);
  }
  assert.deepEqual(
    readEpisodes(path).map(({ score }) => score),
    [winner?.pid],
  );
  assert.equal(checkpointOf(path).update, 1);
});

test('a claim that nobody holds any more is taken over by one process; that of a living one stays', (context) => {
  const path = temporaryFolder(context);
  const claimed = join(path, fileNames.claim);
  writeFileSync(claimed, `${process.ppid}\n`); // whoever started the tests lives
  const refused = { name: 'UserError', message: new RegExp(`^process ${process.ppid} is still writing this run`) };
  assert.throws(() => RunFolder.create(path, settings), refused);
  assert.deepEqual([...contents(path)], [[fileNames.claim, `${process.ppid}\n`]]);
  writeFileSync(claimed, '');
  assert.throws(() => RunFolder.create(path, settings), { name: 'UserError', message: /just beginning/ });
  writeFileSync(claimed, `${2 ** 22 + 1}\n`); // more than Linux gives a process
  const folder = RunFolder.create(path, settings);
  assert.equal(readFileSync(claimed, 'utf8'), `${process.pid}\n`);
  writeFileSync(claimed, `${process.ppid}\n`);
  folder.close();
  assert.ok(existsSync(claimed), 'what is not ours is not removed');
});
