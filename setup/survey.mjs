// @ts-check
// What is missing. Every command asks this first, so the answer "nothing" must be quick.
import { fileURLToPath } from 'node:url';
import { aleProblem, aleSourceProblem } from './ale.mjs';
import { bindingProblem } from './binding.mjs';
import { cacheFolder } from './cache.mjs';
import { mustBeMade } from './link.mjs';
import { chooseTensorflow } from './machine.mjs';
import { packagesProblem } from './packages.mjs';
import { tensorflowProblem } from './tensorflow.mjs';

/** The repository's root. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/**
 * @typedef {object} Survey why each thing must be fetched, made or put in place; undefined where nothing is to do
 * @property {string | undefined} packages
 * @property {string | undefined} aleSource only needed if ALE must be compiled
 * @property {string | undefined} ale
 * @property {string | undefined} tensorflow
 * @property {string | undefined} binding
 */

/**
 * @returns {import('./binding.mjs').Place} this clone
 * @throws {SetUpError} where there is no TensorFlow for this machine
 */
export function here() {
  return { root, cache: cacheFolder(), tensorflow: chooseTensorflow() };
}

/** @param {import('./binding.mjs').Place} place @returns {Promise<Survey>} */
export async function survey(place) {
  const ale = await aleProblem(place.root, place.cache);
  const binding = await bindingProblem(place);
  return {
    packages: packagesProblem(place.root),
    aleSource: mustBeMade(ale) ? await aleSourceProblem(place.cache) : undefined,
    ale,
    tensorflow: tensorflowProblem(place.root, place.cache, place.tensorflow, mustBeMade(binding)),
    binding,
  };
}

/** @param {Survey} missing */
export const isComplete = (missing) => Object.values(missing).every((problem) => problem === undefined);
