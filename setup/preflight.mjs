// @ts-check
// What a later step would stumble over, found before anything is downloaded.
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { requireCompiler } from './binding.mjs';
import { megabytes } from './display.mjs';
import { SetUpError } from './errors.mjs';
import { mustBeMade } from './link.mjs';
import { requireGlibc } from './machine.mjs';
import { findPython } from './pip.mjs';
import { aleSource } from './versions.mjs';

/** Room that npm packages and the products compiled here need, measured and rounded up. */
const packagesBytes = 700e6;
const compiledBytes = 100e6;

/**
 * @param {import('./binding.mjs').Place} place
 * @param {import('./survey.mjs').Survey} missing
 * @returns {Promise<import('./pip.mjs').Python | undefined>} the Python to download
 * with; undefined if nothing is to be fetched
 * @throws {SetUpError} on the first thing that is missing on this machine
 */
export async function preflight({ root, cache, tensorflow }, missing) {
  requireGlibc();
  const fetchTensorflow = mustBeMade(missing.tensorflow);
  const python = missing.aleSource || fetchTensorflow ? findPython() : undefined;
  const compile = mustBeMade(missing.binding);
  if (compile) await requireCompiler(root);
  if (missing.packages) requireSpace(root, packagesBytes, 'or move the clone to a larger disk');
  // pip downloads a file into a temporary folder, then copies it.
  const largestWheel = Math.max(...tensorflow.wheels.map(({ bytes }) => bytes));
  const need =
    (fetchTensorflow ? 2 * largestWheel + tensorflow.unpackedBytes : 0) +
    (missing.aleSource ? 2 * aleSource.bytes + aleSource.unpackedBytes : 0) +
    (compile || mustBeMade(missing.ale) ? compiledBytes : 0);
  requireSpace(cache, need, 'or set RIM_AGENTS_CACHE to a folder on a larger disk');
  return python;
}

/** @param {string} folder @param {number} bytes @param {string} mend */
export function requireSpace(folder, bytes, mend) {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  if (bavail * bsize >= bytes) return;
  const free = megabytes(bavail * bsize);
  throw new SetUpError(
    `the disk is full: ${folder} has ${free} left, the set-up needs ${megabytes(bytes)}; free some space, ${mend}`,
  );
}
