import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { claim, release } from '../../../src/runs/claim.ts';
import { RunFolder } from '../../../src/runs/run-folder.ts';
import { fileNames } from '../../../src/runs/file-names.ts';
import { readEpisodes, readRun } from '../../../src/runs/saved-run.ts';
import { checkpointOf, contents, sampleState, script, settings, temporaryFolder } from './samples.ts';

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

test(
  'a process that has ended holds no claim, even if its parent has not asked how',
  {
    skip: !existsSync('/proc/self/stat'),
  },
  async (context) => {
    const claimed = join(temporaryFolder(context), 'claim');
    const shell = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60']);
    context.after(() => shell.kill('SIGKILL'));
    const [told] = (await once(shell.stdout, 'data')) as [Buffer];
    const pid = told.toString().trim();
    await sleep(900);
    process.kill(Number(pid), 0); // it still has its number
    writeFileSync(claimed, `${pid}\n`);
    claim(claimed);
    release(claimed);
  },
);

test('two that go on with one run at once: the second is refused, also where the first has ended', (context) => {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, settings);
  folder.saveCheckpoint(sampleState(1));
  folder.close();
  const [first, second] = [readRun(path), readRun(path)];
  const going = RunFolder.resume(first, settings);
  going.saveCheckpoint(sampleState(2));
  going.close();
  assert.throws(() => RunFolder.resume(second, settings), {
    name: 'UserError',
    message: /^another process has just gone on with \S+; [^\n]+$/,
  });
  assert.equal(checkpointOf(path).update, 2);
  assert.equal(existsSync(join(path, fileNames.claim)), false);
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
  if (existsSync('/proc/self/stat')) {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    writeFileSync(claimed, `${process.ppid} ${boot} 1\n`); // began when the machine did, and so is another
    RunFolder.create(path, settings).close();
    for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true });
  }
  writeFileSync(claimed, `${2 ** 22 + 1}\n`); // more than Linux gives a process
  const folder = RunFolder.create(path, settings);
  assert.match(readFileSync(claimed, 'utf8'), new RegExp(`^${process.pid}\\b.*\n$`));
  writeFileSync(claimed, `${process.ppid}\n`);
  folder.close();
  assert.ok(existsSync(claimed), 'what is not ours is not removed');
});
