import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { Packr } from 'msgpackr';
import { checkpoint } from '../../../src/runs/checkpoint.ts';
import { readSealed, writeSealed } from '../../../src/runs/sealed-file.ts';
import { sampleState, temporaryFolder } from './samples.ts';

const content = { ...sampleState(3), fileLengths: { 'episodes.jsonl': 12 } };

test('a checkpoint comes back bit for bit', (context) => {
  const path = join(temporaryFolder(context), 'checkpoint.msgpack');
  const hard = Float32Array.from([NaN, -0, Infinity, -Infinity, 1e-45, 3.4028235e38, 0.1]);
  const saved = { ...content, parameters: hard, m: hard.slice(), v: hard.slice() };
  writeSealed(path, saved);
  const read = readSealed(path, checkpoint);
  assert.deepEqual(read, saved);
  assert.deepEqual(new Uint32Array(read.parameters.slice().buffer), new Uint32Array(hard.buffer));
});

test('a truncated checkpoint, wherever it was cut, is called damaged in one line', (context) => {
  const path = join(temporaryFolder(context), 'checkpoint.msgpack');
  writeSealed(path, content);
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    assert.throws(() => readSealed(path, checkpoint), {
      name: 'UserError',
      message: /^\S+ is damaged \([^\n]*\); [^\n]*$/,
    });
  }
});

test('a checkpoint with one changed byte, wherever it is, is called damaged', (context) => {
  const path = join(temporaryFolder(context), 'checkpoint.msgpack');
  writeSealed(path, content);
  const whole = readFileSync(path);
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at] = (whole[at] as number) ^ 0x41;
    writeFileSync(path, changed);
    assert.throws(() => readSealed(path, checkpoint), { name: 'UserError', message: /is damaged/ }, `byte ${at}`);
  }
});

test('files that are no checkpoints are called damaged, and a missing one missing', (context) => {
  const path = join(temporaryFolder(context), 'checkpoint.msgpack');
  assert.throws(() => readSealed(path, checkpoint), { name: 'UserError', message: /no such file/ });
  for (const other of [Buffer.from('{"a":1}'), new Packr().pack({ format: 2 }), new Packr().pack([1, 2])]) {
    writeFileSync(path, other);
    assert.throws(() => readSealed(path, checkpoint), { name: 'UserError', message: /is damaged/ });
  }
});

test('moments of another length than the parameters are refused', (context) => {
  const path = join(temporaryFolder(context), 'checkpoint.msgpack');
  writeSealed(path, { ...content, m: new Float32Array(3) });
  assert.throws(() => readSealed(path, checkpoint), { name: 'UserError', message: /lengths of Adam's moments/ });
});

test('a process killed while it saves again and again leaves a whole checkpoint', async (context) => {
  const path = join(temporaryFolder(context), 'checkpoint.msgpack');
  const module = new URL('../../../src/runs/sealed-file.ts', import.meta.url).href;
  const script = `
    import { readSealed, writeSealed } from ${JSON.stringify(module)};
    const vector = new Float32Array(300_000);
    for (let update = 1; ; update++) {
      vector.fill(update);
      const [m, v] = [vector.slice(), vector.slice()];
      writeSealed(${JSON.stringify(path)}, { update, agentStep: 0, adamStep: 0, parameters: vector, m, v,
        random: { run: [] }, seconds: 0, recentScores: [], games: 0, fileLengths: {} });
    }`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    stdio: 'inherit',
  });
  context.after(() => child.kill('SIGKILL'));
  while (!existsSync(path)) await sleep(10);
  for (const pause of [31, 17, 43]) await sleep(pause);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { update, parameters } = readSealed(path, checkpoint);
  assert.ok(parameters.every((value) => value === update));
});
