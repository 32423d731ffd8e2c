// @ts-check
// The set-up as a whole: looks what is missing, and makes it while nobody else does.
import { accessSync, constants, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeLeftovers } from './cache.mjs';
import { Display } from './display.mjs';
import { explainFailure, SetUpError } from './errors.mjs';
import { withLock } from './lock.mjs';
import { endLostPackings } from './packing.mjs';
import { preflight } from './preflight.mjs';
import { makeMissing } from './steps.mjs';
import { here, isComplete, survey } from './survey.mjs';
import { endTools } from './tool.mjs';

/** @typedef {import('./binding.mjs').Place} Place */

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
  endLostPackings(place.root);
  if (isComplete(await survey(place))) return;
  makeCacheFolder(place.cache);
  try {
    await withLocks(place, async () => {
      removeLeftovers(place.cache);
      // Whoever had the lock before may have made all of it.
      const missing = await survey(place);
      if (!isComplete(missing)) await makeAll(place, missing);
    });
  } catch (error) {
    throw isSystemError(error) ? explainFailure('the set-up', error.message, { cache: place.cache }) : error;
  }
}

/** @param {Place} place @param {import('./survey.mjs').Survey} missing */
async function makeAll(place, missing) {
  const python = await preflight(place, missing);
  const log = join(place.cache, 'set-up.log');
  rmSync(log, { force: true });
  const display = new Display();
  await interruptible(display, async (signal) => {
    const started = performance.now();
    display.message(`Setting up rim-agents: done once, kept in ${place.cache}`);
    await makeMissing({ place, missing, python, log, display, signal });
    display.close();
    display.message(`Set up in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  });
}

/**
 * Does work that Ctrl-C ends at once, with all programs that it started.
 * @param {Display} display
 * @param {(signal: AbortSignal) => Promise<void>} work
 */
export async function interruptible(display, work) {
  const abort = new AbortController();
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    display.close();
    console.error('set-up: interrupted; what is done so far is kept, the same command goes on from there');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  const endAll = () => {
    endTools();
    abort.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('exit', endAll);
  try {
    await work(abort.signal);
  } finally {
    display.close();
    process.off('SIGINT', stop).off('SIGTERM', stop).off('exit', endAll);
    endAll();
  }
}

/**
 * One set-up at a time per clone and per cache folder. Everybody takes the two in
 * this order, so nobody waits in a circle.
 * @param {Place} place
 * @param {() => Promise<void>} work
 */
async function withLocks({ root, cache }, work) {
  const onWait = (/** @type {import('./lock.mjs').Holder} */ { pid, host }) =>
    console.error(`set-up: waiting for another set-up to finish (process ${pid} on ${host})`);
  await withLock(join(root, '.set-up.lock'), () => withLock(join(cache, 'set-up.lock'), work, onWait), onWait);
}

/** @param {string} cache */
export function makeCacheFolder(cache) {
  try {
    makeFolders(cache);
    accessSync(cache, constants.W_OK);
  } catch {
    throw new SetUpError(
      `the cache folder ${cache} cannot be made or written to; set RIM_AGENTS_CACHE to a folder that can`,
    );
  }
}

/**
 * Makes a folder and its parents, one by one: Node's own recursive way never ends where a parent cannot hold folders,
 * as in /proc.
 * @param {string} path
 */
function makeFolders(path) {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // else another process made it meanwhile
  }
}

/** @param {unknown} error @returns {error is NodeJS.ErrnoException} */
export function isSystemError(error) {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
