// @ts-check
// node setup/data.mjs [NAME]: fetches a data set where the cache does not have it. Prints one line of JSON, with either
// its folder or the problem that hinders; progress goes to the error stream. Without NAME: the cache folder itself.
import { requireNode } from './node-version.mjs';

requireNode();
const { cacheFolder } = await import('./cache.mjs');
const { dataSetFolder } = await import('./data-sets.mjs');
const { SetUpError } = await import('./errors.mjs');

const [name] = process.argv.slice(2);
try {
  const folder = name === undefined ? cacheFolder() : await dataSetFolder(name, cacheFolder());
  console.log(JSON.stringify({ folder }));
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  console.log(JSON.stringify({ problem: error.message }));
  process.exitCode = 1;
}
