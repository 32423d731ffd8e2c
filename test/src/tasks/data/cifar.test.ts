import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadCifar } from '../../../../src/tasks/data/cifar.ts';
import { tokenSequences } from '../../../../src/tasks/data/images.ts';

const script = fileURLToPath(new URL('cifar-files.py', import.meta.url));
const made = mkdtempSync(join(tmpdir(), 'rim-agents-cifar-'));
before(() => execFileSync('python3', [script, made]));
after(() => rmSync(made, { recursive: true }));

/** As the script has it. */
const pixel = (file: number, record: number, channel: number, row: number, column: number): number =>
  (file + 7 * record + 64 * channel + 2 * row + 3 * column) % 256;

function copy(t: TestContext, inner = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-cifar-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(made, join(folder, inner), { recursive: true });
  return folder;
}

test('reads labels and pixels of all files, in their order', async (t) => {
  for (const path of [made, copy(t, 'cifar-10-batches-bin')]) {
    const { train, test } = await loadCifar({ path });
    assert.deepEqual([train.count, train.side, train.channels, test.count], [15, 32, 3, 3]);
    assert.deepEqual([...train.labels], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4]);
    assert.deepEqual([...test.labels], [5, 6, 7]);
    const at = ((4 * 3 + 2) * 32 + 5) * 32 + 6; // image 4 is record 1 of the second file; blue, row 5, column 6
    assert.equal(train.pixels[at], pixel(1, 1, 2, 5, 6));
  }
});

test('as tokens, a position has its red, green and blue', async () => {
  const { tokens, length, channels } = tokenSequences((await loadCifar({ path: made })).test, 16, 256);
  assert.deepEqual([length, channels], [256, 3]);
  const position = 3 * 16 + 7; // shows row 6, column 14
  const found = tokens.subarray((256 + position) * 3, (256 + position + 1) * 3);
  assert.deepEqual(
    [...found],
    [0, 1, 2].map((channel) => pixel(5, 1, channel, 6, 14)),
  );
});

test('the set-up is not asked for the cache folder where a path is given', async (t) => {
  const { execPath } = process;
  t.after(() => (process.execPath = execPath));
  process.execPath = join(made, 'no-such-program');
  await assert.rejects(loadCifar(), { code: 'ENOENT' });
  assert.equal((await loadCifar({ path: made })).train.count, 15);
});

test('is found in the cache folder', async (t) => {
  const cache = mkdtempSync(join(tmpdir(), 'rim-agents-cache-'));
  t.after(() => rmSync(cache, { recursive: true }));
  const before = process.env.RIM_AGENTS_CACHE;
  process.env.RIM_AGENTS_CACHE = cache;
  t.after(() => {
    if (before === undefined) delete process.env.RIM_AGENTS_CACHE;
    else process.env.RIM_AGENTS_CACHE = before;
  });
  const message =
    /^there is no folder .*cifar-10 with data_batch_1.bin \(30730000 bytes\); get .* put it at .*cifar-10$/;
  await assert.rejects(loadCifar(), { name: 'UserError', message });
  cpSync(made, join(cache, 'cifar-10'), { recursive: true });
  assert.equal((await loadCifar()).train.count, 15);
});

test('says of a missing or damaged file which one, what was expected and what was found', async (t) => {
  const whole = readFileSync(join(made, 'data_batch_3.bin'));
  const cases: [Uint8Array | undefined, RegExp][] = [
    [undefined, /has no data_batch_3.bin \(30730000 bytes\); get "CIFAR-10 binary version"/],
    [whole.subarray(0, 5000), /data_batch_3.bin is truncated: it has 5000 bytes instead of 30730000; get/],
    [whole.subarray(0, 6146), /data_batch_3.bin is truncated: it has 6146 bytes instead of 9219; get/],
    [new Uint8Array(0), /data_batch_3.bin is truncated: it has 0 bytes instead of 30730000; get/],
    [whole.map((byte, i) => (i === 3073 ? 77 : byte)), /data_batch_3.bin is damaged: label 1 is 77, not below 10; get/],
  ];
  for (const [content, message] of cases) {
    const path = copy(t);
    if (content) writeFileSync(join(path, 'data_batch_3.bin'), content);
    else rmSync(join(path, 'data_batch_3.bin'));
    await assert.rejects(loadCifar({ path }), { name: 'UserError', message });
  }
});
