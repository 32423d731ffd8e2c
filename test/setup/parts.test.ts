import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cacheFolder, makeFolder, productFolder, removeLeftovers } from '../../setup/cache.mjs';
import { Display } from '../../setup/display.mjs';
import { withLock } from '../../setup/lock.mjs';
import { chooseTensorflow } from '../../setup/machine.mjs';
import { nodeProblem } from '../../setup/node-version.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'rim-agents-setup-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('the cache folder follows RIM_AGENTS_CACHE, then the XDG rules', () => {
  assert.equal(cacheFolder({ RIM_AGENTS_CACHE: '/a/b', XDG_CACHE_HOME: '/x' }), '/a/b');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/x' }), '/x/rim-agents');
  assert.equal(cacheFolder({}), join(homedir(), '.cache/rim-agents'));
  assert.equal(cacheFolder({ XDG_CACHE_HOME: 'relative' }), join(homedir(), '.cache/rim-agents'));
});

test("TensorFlow is the CUDA build, with CUDA's wheels, where there is a GPU and a build for it", () => {
  const chosen = (machine: string, gpu: boolean, wish?: string) =>
    chooseTensorflow(wish === undefined ? {} : { RIM_AGENTS_TENSORFLOW: wish }, machine, () => gpu).kind;
  assert.equal(chosen('linux-x64', true), 'cuda');
  assert.equal(chosen('linux-x64', false), 'cpu');
  assert.equal(chosen('linux-x64', true, 'cpu'), 'cpu');
  assert.equal(chosen('linux-x64', false, 'cuda'), 'cuda');
  assert.equal(chosen('linux-arm64', true), 'cpu');
  assert.throws(() => chosen('linux-arm64', true, 'cuda'), /no TensorFlow with CUDA for linux-arm64/);

  const { wheels } = chooseTensorflow({}, 'linux-x64', () => true);
  assert.equal(wheels[0]?.requirement, 'tensorflow==2.21.0');
  for (const part of ['cublas', 'cudnn', 'cuda-runtime', 'cusolver', 'nccl'])
    assert.ok(
      wheels.some(({ requirement }) => requirement.startsWith(`nvidia-${part}-cu12==`)),
      part,
    );
  for (const { file, sha256 } of wheels) assert.match(sha256, /^[0-9a-f]{64}$/, file);
});

test('every input of a product changes its name; their order does not', () => {
  const inputs = { version: '1', flags: '-O2', platform: 'linux-x64' };
  const name = (changed: object): string => productFolder('/c', { name: 'p', inputs: { ...inputs, ...changed } });
  const names = [{}, { version: '2' }, { flags: '-O3' }, { platform: 'linux-arm64' }, { more: '' }].map(name);
  assert.equal(new Set(names).size, names.length);
  assert.equal(
    productFolder('/c', { name: 'p', inputs: { platform: 'linux-x64', flags: '-O2', version: '1' } }),
    names[0],
  );
});

test('a folder appears only when it is complete, and replaces what was there', async (t) => {
  const parent = folder(t);
  const target = join(parent, 'product');
  const fill = (text: string, failure?: Error) =>
    makeFolder(target, async (temporary) => {
      writeFileSync(join(temporary, 'file'), text);
      if (failure) throw failure;
    });
  await assert.rejects(fill('half', new Error('stopped')), /stopped/);
  assert.deepEqual(readdirSync(parent), []);
  await fill('first');
  await fill('second');
  await assert.rejects(fill('half', new Error('stopped')), /stopped/);
  assert.equal(readFileSync(join(target, 'file'), 'utf8'), 'second');
  assert.deepEqual(readdirSync(parent), ['product']);
});

test('leftovers of a living process, and young ones of another machine, stay', async (t) => {
  const cache = folder(t);
  const dead = spawnSync('true').pid;
  await makeFolder(join(cache, `unfinished-${process.ppid}-aaaaaaaa-${hostname()}`), () => Promise.resolve());
  for (const name of [`unfinished-${dead}-bbbbbbbb-elsewhere`, `unfinished-${dead}-cccccccc-long-ago`, 'product-1'])
    await makeFolder(join(cache, name), () => Promise.resolve());
  utimesSync(join(cache, `unfinished-${dead}-cccccccc-long-ago`), 1, 1);
  removeLeftovers(cache);
  assert.deepEqual(
    readdirSync(cache)
      .map((name) => name.replace(/-\d+-/, '-').split('-').slice(0, 2).join('-'))
      .sort(),
    ['product-1', 'unfinished-aaaaaaaa', 'unfinished-bbbbbbbb'],
  );
});

test('a lock is held by one at a time', async (t) => {
  const file = join(folder(t), 'lock');
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inside);
    await sleep(20);
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withLock(file, work)));
  assert.equal(most, 1);
  await assert.rejects(
    withLock(file, () => Promise.reject(new Error('stopped'))),
    /stopped/,
  );
  assert.ok(!existsSync(file));
});

test('a lock of a dead process, of a later one with its number, and of a silent machine is taken over', async (t) => {
  const file = join(folder(t), 'lock');
  const dead = spawnSync('true').pid;
  const host = hostname();
  const holders = [
    { host, pid: dead, started: '1' },
    { host, pid: process.pid, started: 'another time' },
    { host: 'elsewhere', pid: 1, started: '1' },
  ];
  for (const holder of holders) {
    writeFileSync(file, JSON.stringify(holder));
    if (holder.host !== host) utimesSync(file, Date.now() / 1000 - 120, Date.now() / 1000 - 120);
    assert.equal(await withLock(file, () => Promise.resolve('mine')), 'mine');
  }
});

test('a lock of another machine that is heard from is waited for', async (t) => {
  const file = join(folder(t), 'lock');
  writeFileSync(file, JSON.stringify({ host: 'elsewhere', pid: 1, started: '1' }));
  setTimeout(() => rmSync(file), 300);
  const waitedFor: string[] = [];
  const started = performance.now();
  await withLock(
    file,
    () => Promise.resolve(),
    (holder) => waitedFor.push(holder.host),
  );
  assert.ok(performance.now() - started >= 290);
  assert.deepEqual(waitedFor, ['elsewhere']);
});

test('an old Node is told what it needs', () => {
  for (const version of ['14.0.0', '18.20.8', '20.11.1'])
    assert.match(nodeProblem(version) ?? '', /^Node [\d.]+ is not supported: .*; install/);
  for (const version of ['20.12.0', '20.20.2', '22.1.0', '24.0.0']) assert.equal(nodeProblem(version), undefined);
});

test('unpacking refuses names that lead out of the folder, and damaged content', (t) => {
  const home = folder(t);
  const make = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive: archive.writestr("a/../../escaped", "x")
with zipfile.ZipFile(sys.argv[2], "w") as archive: archive.writestr("a/b", "content")
data = bytearray(open(sys.argv[2], "rb").read()); data[data.index(b"content")] ^= 1; open(sys.argv[2], "wb").write(data)
`;
  const archives = [join(home, 'escaping.whl'), join(home, 'damaged.whl')];
  execFileSync('python3', ['-c', make, ...archives]);
  for (const [i, expected] of [/unsafe name/, /CRC/].entries()) {
    const { status, stderr } = spawnSync(
      'python3',
      [join(repository, 'setup/python/unpack.py'), String(archives[i]), join(home, 'out'), '0'],
      { encoding: 'utf8' },
    );
    assert.equal(status, 1);
    assert.match(stderr, expected);
  }
  assert.ok(!existsSync(join(home, 'escaped')));
});

test('in a terminal the steps are redrawn in place and fit its width', async () => {
  let written = '';
  const terminal = { isTTY: true, columns: 40, write: (text: string) => Boolean((written += text)) };
  const display = new Display(terminal as unknown as NodeJS.WriteStream);
  const steps = ['one', 'two'].map((label) => display.step(label));
  steps[0]?.start('a text that is much longer than the terminal is wide');
  steps[0]?.progress(1, 2);
  await sleep(250);
  steps[0]?.done('made');
  display.close();
  assert.match(written, /\x1b\[2A\x1b\[0J/);
  for (const line of written.replace(/\x1b\[\d+[AJ]/g, '').split('\n')) assert.ok(line.length < 40, line);
  assert.match(written.split('\n').at(-3) ?? '', /✔ one +made/);
});
