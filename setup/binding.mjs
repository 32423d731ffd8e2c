// @ts-check
// The binding between Node and TensorFlow, our own operations included, compiled by agents/kernels.
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { makeProduct, productFolder, productProblem, readManifest, sha256OfFiles } from './cache.mjs';
import { explainFailure, SetUpError } from './errors.mjs';
import { linkTarget, notInPlace, placeLink } from './link.mjs';
import { compilerVersion } from './machine.mjs';
import { lockedVersion } from './packages.mjs';
import { tensorflowDir } from './tensorflow.mjs';

const tfjsNode = '@tensorflow/tfjs-node-gpu';
const fileName = 'tfjs_binding.node';

/**
 * @typedef {object} Place
 * @property {string} root
 * @property {string} cache
 * @property {import('./versions.mjs').TensorFlow} tensorflow
 */

/** @param {string} root */
const importBuild = (root) => import(pathToFileURL(join(root, 'agents/kernels/native/build.mjs')).href);

/** @param {string} root @returns {Promise<string | undefined>} the C++ compiler's path */
export async function findCompiler(root) {
  return (await importBuild(root)).findCompiler();
}

/** @param {string} root @returns {Promise<string>} where tfjs-node looks for it */
export async function bindingPath(root) {
  const { napiVersion } = await importBuild(root);
  return join(root, 'node_modules', tfjsNode, `lib/napi-v${napiVersion}`, fileName);
}

/** @param {Place} place @returns {Promise<import('./cache.mjs').Product>} */
async function bindingProduct({ root, cache, tensorflow }) {
  const { buildInputs, findCompiler: find, napiVersion } = await importBuild(root);
  const compiler = find();
  return {
    name: 'binding',
    inputs: {
      sources: sha256OfFiles(root, buildInputs()), // the driver with all flags is one of them
      tfjsNode: lockedVersion(root, tfjsNode),
      headers: lockedVersion(root, 'node-api-headers'),
      nodeApi: String(napiVersion),
      tensorflow: tensorflowDir(cache, tensorflow), // also where the binding looks for it when loaded
      platform: `${process.platform}-${process.arch}`,
      compiler: compiler ? compilerVersion(compiler) : '',
    },
  };
}

/**
 * Where the binding lies, or would lie. Without a compiler, any that was made of the same things by one will do.
 * @param {Place} place
 * @returns {Promise<string>}
 */
export async function bindingFolder(place) {
  const product = await bindingProduct(place);
  const folder = productFolder(place.cache, product);
  if (product.inputs.compiler !== '') return folder;
  const other = foldersOf(place.cache, product.name).find((candidate) => {
    const inputs = readManifest(candidate)?.inputs;
    return isDeepStrictEqual({ ...inputs, compiler: '' }, product.inputs);
  });
  return other ?? folder;
}

/** @param {string} cache @param {string} name @returns {string[]} */
function foldersOf(cache, name) {
  try {
    return readdirSync(cache)
      .filter((entry) => entry.startsWith(`${name}-`))
      .map((entry) => join(cache, entry));
  } catch {
    return [];
  }
}

/** @param {Place} place @returns {Promise<string | undefined>} why the binding must be made or put in place */
export async function bindingProblem(place) {
  if (await isDeveloped(place.root)) return undefined;
  const folder = await bindingFolder(place);
  return (
    productProblem(folder) ??
    (linkTarget(await bindingPath(place.root)) === join(folder, fileName) ? undefined : notInPlace)
  );
}

/**
 * Whoever works on the C++ builds in place (build.mjs --dev): a file instead of our link. It stays as long as
 * it is newer than all that it is made of.
 * @param {string} root
 */
export async function isDeveloped(root) {
  const file = lstatSync(await bindingPath(root), { throwIfNoEntry: false });
  if (!file?.isFile()) return false;
  const { buildInputs } = await importBuild(root);
  const inputs = [
    ...buildInputs(),
    join(root, 'package-lock.json'),
    fileURLToPath(new URL('versions.mjs', import.meta.url)),
  ];
  return inputs.every((input) => statSync(input).mtimeMs <= file.mtimeMs);
}

/**
 * Compiles the binding if need be, and puts it in place.
 * @param {Place & { log: string, step: import('./display.mjs').StepDisplay, signal: AbortSignal }} options
 */
export async function makeBinding({ log, step, signal, ...place }) {
  const { root, cache, tensorflow } = place;
  let folder = await bindingFolder(place);
  if (productProblem(folder)) {
    step.start('compiling');
    const { buildBinding } = await importBuild(root);
    folder = await makeProduct(cache, await bindingProduct(place), async (outDir) => {
      try {
        await buildBinding({
          tfjsNodeDir: join(root, 'node_modules', tfjsNode),
          tensorflowDir: tensorflowDir(cache, tensorflow),
          napiHeadersDir: join(root, 'node_modules/node-api-headers/include'),
          outFile: join(outDir, fileName),
          signal,
          onProgress: (/** @type {number} */ done, /** @type {number} */ total) => step.progress(done, total),
        });
      } catch (error) {
        throw explainFailure('compiling the TensorFlow binding', String(/** @type {Error} */ (error).message), {
          cache,
          log,
        });
      }
    });
  }
  placeLink(await bindingPath(root), join(folder, fileName));
}

/** @param {string} root @throws {SetUpError} with the mend, if there is no C++ compiler */
export async function requireCompiler(root) {
  const compiler = await findCompiler(root);
  const mend =
    process.platform === 'darwin'
      ? 'xcode-select --install'
      : 'apt-get install g++ (Debian, Ubuntu), dnf install gcc-c++ (Fedora)';
  const sought = process.env.CXX ? `CXX=${process.env.CXX}` : 'c++, g++, clang++';
  if (!compiler) throw new SetUpError(`no C++ compiler found (looked for ${sought}); install one: ${mend}`);
  if (!compilerVersion(compiler))
    throw new SetUpError(`the C++ compiler ${compiler} does not run; repair it, or name another one in CXX`);
}
