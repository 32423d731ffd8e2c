// @ts-check
// Making what is missing. Downloads and npm run at once; what compiles runs one
// after the other, as each uses all cores.
import { fetchAleSource, makeAle } from './ale.mjs';
import { makeBinding } from './binding.mjs';
import { mustBeMade } from './link.mjs';
import { installPackages } from './packages.mjs';
import { fetchTensorflow, placeTensorflow } from './tensorflow.mjs';
import { aleSource, tensorflowVersion } from './versions.mjs';

/** @typedef {import('./display.mjs').StepDisplay} StepDisplay */

/**
 * @param {object} options
 * @param {import('./binding.mjs').Place} options.place
 * @param {import('./survey.mjs').Survey} options.missing
 * @param {import('./pip.mjs').Python | undefined} options.python undefined only if nothing is to be fetched
 * @param {string} options.log
 * @param {import('./display.mjs').Display} options.display
 * @param {AbortSignal} options.signal stops the compilers
 * @returns {Promise<void>} rejects with the first failure
 */
export async function makeMissing({ place, missing, python, log, display, signal }) {
  const { root, cache, tensorflow } = place;
  const shown = {
    packages: display.step('npm packages'),
    aleSource: display.step(`ALE ${aleSource.version} source`),
    tensorflow: display.step(`TensorFlow ${tensorflowVersion}`),
    ale: display.step('ALE to WASM'),
    binding: display.step('TensorFlow binding'),
  };
  const packages = step(shown.packages, missing.packages !== undefined, async (display) => {
    display.start('installing');
    const onProgress = (/** @type {number} */ done, /** @type {number} */ total) => display.progress(done, total);
    return `${await installPackages({ root, cache, log, onProgress })} installed`;
  });
  const source = step(shown.aleSource, missing.aleSource !== undefined, async (display) => {
    if (python) await fetchAleSource({ cache, log, python, step: display });
    return 'fetched, hash checked';
  });
  const library = step(shown.tensorflow, mustBeMade(missing.tensorflow), async (display) => {
    if (python) await fetchTensorflow({ cache, log, python, step: display }, tensorflow);
    return `fetched, hash checked (${tensorflow.kind})`;
  });
  const ale = after([packages, source], () =>
    step(shown.ale, missing.ale !== undefined, async (display) => {
      await makeAle({ root, cache, log, step: display });
      return 'in place';
    }),
  );
  // npm removes what was linked into node_modules, so these links are placed even if they were there.
  const binding = after([packages, library, ale], () =>
    step(shown.binding, true, async (display) => {
      placeTensorflow(root, cache, tensorflow);
      await makeBinding({ ...place, log, step: display, signal });
      return 'in place';
    }),
  );
  await Promise.all([packages, source, library, ale, binding]);
}

/** @param {Promise<void>[]} others @param {() => Promise<void>} next */
async function after(others, next) {
  await Promise.all(others);
  await next();
}

/**
 * @param {StepDisplay} display
 * @param {boolean} needed
 * @param {(display: StepDisplay) => Promise<string>} work returns what came out
 */
async function step(display, needed, work) {
  if (!needed) return display.done('there already');
  try {
    display.done(await work(display));
  } catch (error) {
    display.fail();
    throw error;
  }
}
