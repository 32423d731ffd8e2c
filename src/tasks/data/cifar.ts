import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { cacheFolder } from './cache.ts';
import { readDataFile, requireSize, type Read } from './files.ts';
import { type LabelledImages } from './images.ts';

const side = 32;
const channels = 3;
const classes = 10;
const imageBytes = channels * side * side;
const recordBytes = 1 + imageBytes;
const originalBytes = 10_000 * recordBytes;
const unpacked = 'cifar-10-batches-bin';

/**
 * The CIFAR-10 data set (Krizhevsky 2009): 50,000 and 10,000 colour images of 32 x 32 pixels, from its binary version:
 * records of a label and 1,024 bytes each of red, green and blue, row after row.
 * @param path folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin, or with the folder
 * cifar-10-batches-bin that holds them; without it, cifar-10 in the user's cache folder
 * Files made by hand may hold fewer records, the same number in each of the five.
 * @throws UserError naming the file, what was expected and what was found, and where to get it
 */
export async function loadCifar({ path }: { path?: string | undefined } = {}): Promise<{
  train: LabelledImages;
  test: LabelledImages;
}> {
  const given = path ?? join(await cacheFolder(), 'cifar-10');
  const inner = join(given, unpacked);
  const folder = (await stat(inner).catch(() => undefined))?.isDirectory() ? inner : given;
  const mend =
    'get "CIFAR-10 binary version" from its home page ("The CIFAR-10 dataset", A. Krizhevsky, Toronto), ' +
    `unpack it, and give its folder by --data${path === undefined ? ` or put it at ${given}` : ''}`;
  const batches: Read[] = [];
  for (let i = 1; i <= 5; i++) batches.push(await readRecords(folder, `data_batch_${i}.bin`, mend));
  const test = await readRecords(folder, 'test_batch.bin', mend);
  const largest = Math.max(...batches.map(({ content }) => content.length));
  for (const batch of batches) requireSize(batch, largest, mend);
  if (largest === originalBytes) requireSize(test, originalBytes, mend);
  return { train: images(batches), test: images([test]) };
}

async function readRecords(folder: string, name: string, mend: string): Promise<Read> {
  const found = await readDataFile(folder, { names: [name], bytes: originalBytes }, mend);
  const { path, content } = found;
  if (content.length === 0 || content.length % recordBytes !== 0) requireSize(found, originalBytes, mend);
  for (let at = 0; at < content.length; at += recordBytes) {
    const label = content[at] as number;
    if (label < classes) continue;
    throw new UserError(`${path} is damaged: label ${at / recordBytes} is ${label}, not below ${classes}; ${mend}`);
  }
  return found;
}

function images(files: readonly Read[]): LabelledImages {
  const records = Buffer.concat(files.map(({ content }) => content));
  const count = records.length / recordBytes;
  const pixels = new Uint8Array(count * imageBytes);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const record = records.subarray(i * recordBytes, (i + 1) * recordBytes);
    labels[i] = record[0] as number;
    pixels.set(record.subarray(1), i * imageBytes);
  }
  return { count, side, channels, pixels, labels };
}
