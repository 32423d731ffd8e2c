// @ts-check
// The set-up as a whole: what is missing, and making it. Every command calls it first, so finding that nothing is missing
// must be quick.
import { accessSync, constants, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aleProblem, aleSourceProblem, fetchAleSource, makeAle } from './ale.mjs';
import { bindingProblem, makeBinding } from './binding.mjs';
import { cacheFolder, removeLeftovers } from './cache.mjs';
import { Display } from './display.mjs';
import { explainFailure, SetUpError } from './errors.mjs';
import { withLock } from './lock.mjs';
import { chooseTensorflow } from './machine.mjs';
import { installPackages, packagesProblem } from './packages.mjs';
import { preflight } from './preflight.mjs';
import {
  fetchTensorflow,
  isTensorflowInPlace,
  placeTensorflow,
  tensorflowHeadersProblem,
  tensorflowProblem,
} from './tensorflow.mjs';
import { endTools } from './tool.mjs';
import { aleSource, tensorflowVersion } from './versions.mjs';

/** The repository's root. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** @typedef {import('./binding.mjs').Place} Place */

/**
 * @typedef {object} Survey why each thing must be made, fetched or put in place; undefined where nothing is to do
 * @property {string | undefined} packages
 * @property {string | undefined} aleSource only looked at if ALE must be compiled
 * @property {string | undefined} ale
 * @property {string | undefined} tensorflow
 * @property {string | undefined} binding
 */

/** @returns {Place} @throws {SetUpError} where there is no TensorFlow for this machine */
export function here() {
  return { root, cache: cacheFolder(), tensorflow: chooseTensorflow() };
}

/** Sets up whatever is missing; on a failure prints one line with the mend and ends the process with code 1. */
export async function setUpOrExit() {
  try {
    await setUp();
  } catch (error) {
    const known = error instanceof SetUpError ? error.message : undefined;
    console.error(`set-up: ${known ?? /** @type {Error} */ (error).stack}`);
    // Also ends threads and programs that are at work; handlers of 'exit' remove what is half done, and the locks.
    process.exit(1);
  }
}

async function setUp() {
  const place = here();
  if (isComplete(await survey(place))) return;
  makeCacheFolder(place.cache);
  try {
    await withLocks(place, async () => {
      removeLeftovers(place.cache);
      const missing = await survey(place);
      if (!isComplete(missing)) await makeAll(place, missing);
    });
  } catch (error) {
    throw isSystemError(error) ? explainFailure('the set-up', error.message, { cache: place.cache }) : error;
  }
}

/** @param {string} cache */
function makeCacheFolder(cache) {
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
  } catch {
    throw new SetUpError(
      `the cache folder ${cache} cannot be made or written to; set RIM_AGENTS_CACHE to a folder that can`,
    );
  }
}

/** @param {Place} place @returns {Promise<Survey>} */
export async function survey(place) {
  const { root: tree, cache, tensorflow } = place;
  const ale = await aleProblem(tree, cache);
  const binding = await bindingProblem(place);
  return {
    packages: packagesProblem(tree),
    ale,
    aleSource: ale && ale !== 'is not in place' ? aleSourceProblem(cache) : undefined,
    tensorflow:
      tensorflowProblem(cache, tensorflow) ??
      (binding && binding !== 'is not in place' ? tensorflowHeadersProblem(cache, tensorflow) : undefined) ??
      (isTensorflowInPlace(tree, cache, tensorflow) ? undefined : 'is not in place'),
    binding,
  };
}

/** @param {Survey} missing */
const isComplete = (missing) => Object.values(missing).every((problem) => problem === undefined);

/**
 * One set-up at a time per clone and per cache folder. Everybody takes the two in this order, so nobody waits in a circle.
 * @param {Place} place
 * @param {() => Promise<void>} work
 */
async function withLocks(place, work) {
  const onWait = (/** @type {import('./lock.mjs').Holder} */ { pid, host }) =>
    console.error(`set-up: waiting for another set-up to finish (process ${pid} on ${host})`);
  await withLock(
    join(place.root, '.set-up.lock'),
    () => withLock(join(place.cache, 'set-up.lock'), work, onWait),
    onWait,
  );
}

/** @param {Place} place @param {Survey} missing */
async function makeAll(place, missing) {
  const { root: tree, cache, tensorflow } = place;
  const fetchTf = missing.tensorflow !== undefined && missing.tensorflow !== 'is not in place';
  const python = await preflight(place, missing);

  const log = join(cache, 'set-up.log');
  rmSync(log, { force: true });
  const started = performance.now();
  const display = new Display();
  const abort = new AbortController();
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    display.close();
    console.error(`set-up: interrupted; what is done so far is kept, the same command goes on from there`);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  const endAll = () => {
    endTools();
    abort.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('exit', endAll);
  display.message(`Setting up rim-agents: done once, kept in ${cache}`);
  try {
    const steps = {
      packages: display.step('npm packages'),
      aleSource: display.step(`ALE ${aleSource.version} source`),
      tensorflow: display.step(`TensorFlow ${tensorflowVersion}`),
      ale: display.step('ALE to WASM'),
      binding: display.step('TensorFlow binding'),
    };
    const fetching = { cache, log };
    const packages = step(steps.packages, missing.packages, async (shown) => {
      shown.start('installing');
      const count = await installPackages({
        root: tree,
        cache,
        log,
        onProgress: (done, total) => shown.progress(done, total),
      });
      return `${count} installed`;
    });
    const source = step(steps.aleSource, missing.aleSource, async (shown) => {
      if (python) await fetchAleSource({ ...fetching, python, step: shown });
      return 'fetched, hash checked';
    });
    const library = step(steps.tensorflow, fetchTf ? missing.tensorflow : undefined, async (shown) => {
      if (python) await fetchTensorflow({ ...fetching, python, step: shown }, tensorflow);
      return `fetched, hash checked (${tensorflow.kind})`;
    });
    const ale = Promise.all([packages, source]).then(() =>
      step(steps.ale, missing.ale ?? (missing.packages && 'may be misplaced'), async (shown) => {
        await makeAle({ root: tree, cache, log, step: shown });
        return 'in place';
      }),
    );
    // One compiler after the other: each uses all cores.
    const binding = Promise.all([packages, library, ale]).then(() =>
      step(steps.binding, 'npm ci removes it', async (shown) => {
        placeTensorflow(tree, cache, tensorflow);
        await makeBinding({ ...place, log, step: shown, signal: abort.signal });
        return 'in place';
      }),
    );
    await Promise.all([packages, source, library, ale, binding]);
    display.close();
    display.message(`Set up in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  } finally {
    display.close();
    process.off('SIGINT', stop).off('SIGTERM', stop).off('exit', endAll);
    endAll();
  }
}

/**
 * @param {import('./display.mjs').StepDisplay} shown
 * @param {string | undefined} problem undefined: nothing to do
 * @param {(shown: import('./display.mjs').StepDisplay) => Promise<string>} work returns what came out
 */
async function step(shown, problem, work) {
  if (problem === undefined) return shown.done('there already');
  try {
    shown.done(await work(shown));
  } catch (error) {
    shown.fail();
    throw error;
  }
}

/** @param {unknown} error @returns {error is NodeJS.ErrnoException} */
function isSystemError(error) {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
