// @ts-check
// TensorFlow: the libraries and headers of its wheel; with CUDA's wheels where a GPU is found.
import { join } from 'node:path';
import { productFolder, productProblem, sha256, treeProblem } from './cache.mjs';
import { fetchProduct } from './fetch.mjs';
import { linkTarget, notInPlace, placeLink } from './link.mjs';

/** Where the native build in agents/kernels looks for it while somebody works on the C++. */
const linkPath = 'node_modules/.rim-agents/tensorflow';

/** Compiler internals of a third of the size, which no operation's source includes. */
const unused = ['external/llvm-project/', 'external/stablehlo/', 'tensorflow/compiler/mlir/'];
const filters = [
  ...['tensorflow/include/', 'tensorflow/libtensorflow_cc.', 'tensorflow/libtensorflow_framework.', 'nvidia/'].flatMap(
    (prefix) => ['--only', prefix],
  ),
  ...unused.flatMap((folder) => ['--except', `tensorflow/include/${folder}`]),
];

/** @param {import('./versions.mjs').TensorFlow} tensorflow @returns {import('./cache.mjs').Product} */
export function tensorflowProduct({ kind, wheels }) {
  return {
    name: `tensorflow-${kind}`,
    inputs: { wheels: sha256(wheels.map((wheel) => wheel.sha256).join()), filters: sha256(filters.join()) },
    trees: kind === 'cuda' ? ['tensorflow/include', 'nvidia'] : ['tensorflow/include'],
  };
}

/**
 * @param {string} cache
 * @param {import('./versions.mjs').TensorFlow} tensorflow
 * @returns {string} holds libraries and include/
 */
export function tensorflowDir(cache, tensorflow) {
  return join(productFolder(cache, tensorflowProduct(tensorflow)), 'tensorflow');
}

/**
 * @param {string} root
 * @param {string} cache
 * @param {import('./versions.mjs').TensorFlow} tensorflow
 * @param {boolean} withHeaders only compiling needs them, and looking at all of them takes a while
 * @returns {string | undefined} why it must be fetched or put in place
 */
export function tensorflowProblem(root, cache, tensorflow, withHeaders) {
  const folder = productFolder(cache, tensorflowProduct(tensorflow));
  const inPlace = linkTarget(join(root, linkPath)) === tensorflowDir(cache, tensorflow);
  return (
    productProblem(folder) ?? (withHeaders ? treeProblem(folder) : undefined) ?? (inPlace ? undefined : notInPlace)
  );
}

/** @param {import('./fetch.mjs').Fetching} fetching @param {import('./versions.mjs').TensorFlow} tensorflow */
export async function fetchTensorflow(fetching, tensorflow) {
  const pipArguments = [
    '--only-binary=:all:',
    '--python-version=3.11',
    '--implementation=cp',
    ...tensorflow.platforms.map((platform) => `--platform=${platform}`),
  ];
  const product = tensorflowProduct(tensorflow);
  await fetchProduct({
    ...fetching,
    product,
    downloads: tensorflow.wheels,
    pipArguments,
    into: '.',
    strip: 0,
    filters,
  });
}

/** @param {string} root @param {string} cache @param {import('./versions.mjs').TensorFlow} tensorflow */
export function placeTensorflow(root, cache, tensorflow) {
  placeLink(join(root, linkPath), tensorflowDir(cache, tensorflow));
}
