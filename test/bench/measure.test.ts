import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from './bench-error.ts';
import type { Launch } from './contestant.ts';
import { measure } from './measure.ts';

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-measure-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A program in Node that stands for a training. */
function program(folder: string, script: string, updateEnds: Launch['updateEnds'] = { line: /^SPS: / }): Launch {
  return { command: process.execPath, args: ['-e', script], cwd: folder, updateEnds };
}

const never = new AbortController().signal;
const linux = { skip: process.platform !== 'linux' && 'read from /proc' };

test('updates are seen in lines of output, in order, and the output is kept', async (t) => {
  const folder = folderFor(t);
  const log = join(folder, 'log');
  const script = `console.log('hello');
    for (let u = 0; u < 3; u += 1) {
      console.log('SPS: 3');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
    }`;
  const { updateSeconds } = await measure(program(folder, script), log, never);
  assert.equal(updateSeconds.length, 3);
  assert.deepEqual(
    updateSeconds,
    [...updateSeconds].sort((a, b) => a - b),
  );
  assert.equal(readFileSync(log, 'utf8'), 'hello\nSPS: 3\nSPS: 3\nSPS: 3\n');
});

test('updates are seen in a file that grows, the last one too', async (t) => {
  const folder = folderFor(t);
  const script = `for (let u = 0; u < 3; u += 1) require('fs').appendFileSync('metrics.jsonl', '{}\\n')`;
  const launch = program(folder, script, { file: join(folder, 'metrics.jsonl') });
  assert.equal((await measure(launch, join(folder, 'log'), never)).updateSeconds.length, 3);
});

test('memory counts what the process started', linux, async (t) => {
  const folder = folderFor(t);
  const hold = `Buffer.alloc(200 * 2 ** 20, 1); setTimeout(() => {}, 700)`;
  const script = `require('child_process').spawnSync(process.execPath, ['-e', 'const b = ${hold}'])`;
  const { peakBytes = 0 } = await measure(program(folder, script), join(folder, 'log'), never);
  assert.ok(peakBytes > 200 * 2 ** 20, `${peakBytes}`);
});

test('work of others is seen', linux, async (t) => {
  const folder = folderFor(t);
  const other = program(folder, `const end = Date.now() + 1500; while (Date.now() < end);`);
  const [{ othersCores = 0 }] = await Promise.all([
    measure(program(folder, 'setTimeout(() => {}, 1200)'), join(folder, 'log'), never),
    measure(other, join(folder, 'other-log'), never),
  ]);
  assert.ok(othersCores > 0.1, `${othersCores}`);
});

test('a failure is one line with the last words', async (t) => {
  const folder = folderFor(t);
  const script = `console.log('SPS: 1');
    console.error('Traceback:\\n  ...\\nValueError: no such game\\n');
    process.exit(3)`;
  await assert.rejects(
    measure(program(folder, script), join(folder, 'log'), never),
    (error) => error instanceof BenchError && error.message === 'ended with exit code 3: ValueError: no such game',
  );
});

test('a program that is not there is one line', async (t) => {
  const folder = folderFor(t);
  const launch = { ...program(folder, ''), command: join(folder, 'no-python') };
  await assert.rejects(measure(launch, join(folder, 'log'), never), (error) => error instanceof BenchError);
});

test('interrupted, it ends the program and all that it started', async (t) => {
  const folder = folderFor(t);
  const tick = `setInterval(() => require('fs').writeFileSync('tick', String(Date.now())), 20)`;
  const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(tick)}]);
    setInterval(() => {}, 1000)`;
  const stop = new AbortController();
  const measuring = measure(program(folder, script), join(folder, 'log'), stop.signal);
  while (!existsSync(join(folder, 'tick'))) await sleep(10);
  stop.abort();
  await assert.rejects(measuring, { name: 'AbortError' });
  await sleep(50);
  const last = readFileSync(join(folder, 'tick'), 'utf8');
  await sleep(150);
  assert.equal(readFileSync(join(folder, 'tick'), 'utf8'), last);
});
