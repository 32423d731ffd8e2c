import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadMnist } from '../../../../src/tasks/data/mnist.ts';

type Files = Record<string, Uint8Array | undefined>;

function idx(shape: number[], data: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x800 + shape.length, 0);
  shape.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis));
  return Buffer.concat([header, data]);
}

/** Six training and two test images whose pixels count on. */
function smallFiles(): Files {
  const images = (count: number): Uint8Array =>
    idx(
      [count, 28, 28],
      Uint8Array.from({ length: count * 784 }, (_, i) => i % 251),
    );
  const labels = (count: number): Uint8Array =>
    idx(
      [count],
      Uint8Array.from({ length: count }, (_, i) => i + 1),
    );
  return {
    'train-images-idx3-ubyte': images(6),
    'train-labels-idx1-ubyte': labels(6),
    't10k-images-idx3-ubyte': images(2),
    't10k-labels-idx1-ubyte': labels(2),
  };
}

function folderWith(t: TestContext, files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-mnist-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) if (content) writeFileSync(join(folder, name), content);
  return folder;
}

test('reads the original files, packed or not, under either of their names', async (t) => {
  const files = smallFiles();
  const renamed = Object.entries(files).map(([name, content]) => [
    `${name.replace('-idx', '.idx')}.gz`,
    gzipSync(content ?? ''),
  ]);
  for (const given of [files, Object.fromEntries(renamed) as Files]) {
    const { train, test } = await loadMnist({ path: folderWith(t, given) });
    assert.deepEqual([train.count, train.side, train.channels, test.count], [6, 28, 1, 2]);
    assert.deepEqual([...train.labels], [1, 2, 3, 4, 5, 6]);
    assert.equal(train.pixels.length, 6 * 784);
    assert.equal(train.pixels[1000], 1000 % 251);
  }
});

test('says of a missing or damaged file which one, what was expected and what was found', async (t) => {
  const name = 'train-images-idx3-ubyte';
  const whole = smallFiles()[name] as Uint8Array;
  const changed = (at: number, byte: number): Uint8Array => whole.map((old, i) => (i === at ? byte : old));
  const cases: [Files, RegExp][] = [
    [{ [name]: undefined }, /has no train-images-idx3-ubyte \(47040016 bytes\); put .* or leave --data out/],
    [{ [name]: whole.subarray(0, 2000) }, /train-images-idx3-ubyte is truncated: it has 2000 bytes instead of 4720;/],
    [{ [name]: whole.subarray(0, 9) }, /is truncated: it has 9 bytes instead of 47040016;/],
    [{ [name]: Buffer.concat([whole, whole]) }, /is too long: it has 9440 bytes instead of 4720;/],
    [{ [name]: changed(3, 1) }, /is no MNIST file: it begins with 2049 instead of 2051;/],
    [{ [name]: changed(11, 32) }, /says it holds 6 x 32 x 28 bytes instead of 60000 x 28 x 28;/],
    [{ 't10k-labels-idx1-ubyte': idx([3], new Uint8Array(3)) }, /t10k-labels-idx1-ubyte has 3 labels for 2 images;/],
    [{ 't10k-labels-idx1-ubyte': idx([2], Uint8Array.of(3, 10)) }, /is damaged: label 1 is 10, not below 10;/],
    [
      { [name]: undefined, [`${name}.gz`]: gzipSync(whole).subarray(0, 60) },
      /train-images-idx3-ubyte.gz \(60 bytes\) does not unpack to 47040016 bytes: unexpected end of file;/,
    ],
  ];
  for (const [files, message] of cases) {
    const path = folderWith(t, { ...smallFiles(), ...files });
    await assert.rejects(loadMnist({ path }), { name: 'UserError', message });
  }
  const path = join(tmpdir(), 'rim-agents-nowhere');
  await assert.rejects(loadMnist({ path }), { message: /^there is no folder .*nowhere with train-images/ });
});

// Sums of the original files, unpacked, and how often each digit comes. Needs the network once.
test('the fetched data set is the original', async () => {
  const { train, test } = await loadMnist();
  const counts = (labels: Uint8Array): number[] =>
    Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
  assert.deepEqual(counts(train.labels), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  assert.deepEqual(counts(test.labels), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  const md5 = (shape: number[], data: Uint8Array): string => createHash('md5').update(idx(shape, data)).digest('hex');
  assert.equal(md5([60_000, 28, 28], train.pixels), '6bbc9ace898e44ae57da46a324031adb');
  assert.equal(md5([60_000], train.labels), 'a25bea736e30d166cdddb491f175f624');
  assert.equal(md5([10_000, 28, 28], test.pixels), '2646ac647ad5339dbf082846283269ea');
  assert.equal(md5([10_000], test.labels), '27ae3e4e09519cfbb04c329615203637');
});
