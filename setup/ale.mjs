// @ts-check
// ALE: its source from the Python package index, compiled to WebAssembly by envs/ale-wasm.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeProduct, productFolder, productProblem, productProblemDeep, sha256OfFiles } from './cache.mjs';
import { explainFailure, SetUpError } from './errors.mjs';
import { fetchProduct } from './fetch.mjs';
import { linkTarget, notInPlace, placeLink } from './link.mjs';
import { lockedVersion } from './packages.mjs';
import { aleSource } from './versions.mjs';

const packageDir = 'envs/ale-wasm';
const linkPath = `${packageDir}/dist`;

/** @type {import('./cache.mjs').Product} */
export const aleSourceProduct = { name: 'ale-source', inputs: { archive: aleSource.sha256 } };

/** @param {string} root */
const importBuild = (root) => import(pathToFileURL(join(root, packageDir, 'build/build.mjs')).href);

/**
 * @param {string} root
 * @returns {Promise<import('./cache.mjs').Product>} the same on every platform: it is WebAssembly
 */
export async function aleProduct(root) {
  const { buildInputs } = await importBuild(root);
  return {
    name: 'ale',
    inputs: {
      sources: sha256OfFiles(root, buildInputs()),
      archive: aleSource.sha256,
      clang: lockedVersion(root, '@yowasp/clang'),
    },
  };
}

/**
 * @param {string} root
 * @param {string} cache
 * @returns {Promise<string | undefined>} why ALE must be made or put in place
 */
export async function aleProblem(root, cache) {
  const folder = productFolder(cache, await aleProduct(root));
  return productProblem(folder) ?? (linkTarget(join(root, linkPath)) === folder ? undefined : notInPlace);
}

/** @param {string} cache @returns {Promise<string | undefined>} why the source must be fetched */
export async function aleSourceProblem(cache) {
  return productProblemDeep(productFolder(cache, aleSourceProduct));
}

/** @param {import('./fetch.mjs').Fetching} fetching */
export async function fetchAleSource(fetching) {
  // Our stand-in for its build backend lies on Python's path, so nothing is installed for it and nothing of it is run.
  const pipArguments = ['--no-binary', 'ale-py', '--no-build-isolation'];
  await fetchProduct({
    ...fetching,
    product: aleSourceProduct,
    downloads: [aleSource],
    pipArguments,
    into: 'ale',
    strip: 1,
  });
}

/**
 * Compiles ALE and puts it in place.
 * @param {{ root: string, cache: string, log: string, step: import('./display.mjs').StepDisplay }} options
 */
export async function makeAle({ root, cache, log, step }) {
  const product = await aleProduct(root);
  const folder = productFolder(cache, product);
  if (productProblem(folder)) {
    step.start('compiling');
    const onProgress = (/** @type {number} */ done, /** @type {number} */ total) => step.progress(done, total);
    await compile({ root, cache, log, product, onProgress });
  }
  placeLink(join(root, linkPath), folder);
}

/**
 * ALE without some of our patches, to measure what they gain; compiled where the cache has it not yet.
 * @param {{ root: string, cache: string, without: readonly string[] }} options
 * @returns {Promise<string>} the build's folder
 * @throws {SetUpError} if it does not compile, or the cache has lost ALE's source
 */
export async function aleWithout({ root, cache, without }) {
  const { inputs } = await aleProduct(root);
  const product = { name: 'ale-without', inputs: { ...inputs, without: without.join(' ') } };
  const folder = productFolder(cache, product);
  if (productProblem(folder) === undefined) return folder;
  const problem = await aleSourceProblem(cache);
  if (problem) throw new SetUpError(`ALE's source ${problem}; remove ${productFolder(cache, await aleProduct(root))}`);
  return compile({ root, cache, product, without });
}

/**
 * @param {{ root: string, cache: string, log?: string, product: import('./cache.mjs').Product,
 *   onProgress?: (done: number, total: number) => void, without?: readonly string[] }} options
 * @returns {Promise<string>} the product's folder
 */
async function compile({ root, cache, log, product, onProgress, without }) {
  const { buildAle } = await importBuild(root);
  const sourceDir = join(productFolder(cache, aleSourceProduct), 'ale');
  return makeProduct(cache, product, async (outDir) => {
    try {
      await buildAle({ sourceDir, outDir, onProgress, without });
    } catch (error) {
      throw explainFailure('compiling ALE', String(/** @type {Error} */ (error).message), { cache, log });
    }
  });
}
