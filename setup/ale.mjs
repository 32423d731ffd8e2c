// @ts-check
// ALE: its source from the Python package index, compiled to WebAssembly by envs/ale-wasm.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeProduct, productFolder, productProblem, productProblemDeep, sha256OfFiles } from './cache.mjs';
import { explainFailure } from './errors.mjs';
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
  let folder = productFolder(cache, product);
  if (productProblem(folder)) {
    step.start('compiling');
    const { buildAle } = await importBuild(root);
    folder = await makeProduct(cache, product, async (outDir) => {
      const sourceDir = join(productFolder(cache, aleSourceProduct), 'ale');
      const onProgress = (/** @type {number} */ done, /** @type {number} */ total) => step.progress(done, total);
      try {
        await buildAle({ sourceDir, outDir, onProgress });
      } catch (error) {
        throw explainFailure('compiling ALE', String(/** @type {Error} */ (error).message), { cache, log });
      }
    });
  }
  placeLink(join(root, linkPath), folder);
}
