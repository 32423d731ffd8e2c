// SPDX-License-Identifier: GPL-2.0-only
// One clang in one thread. It is given the source tree once, then one call of clang++ at a time.
import { parentPort, workerData } from 'node:worker_threads';
import { commands, Exit, runLLVM } from '@yowasp/clang';

const { tree } = workerData;
// Its files are read here, once, because a later call would report on that to the console.
const ready = runLLVM(null, {}, { fetchProgress: () => {} });

/** Answers `{ file }`, or `{ failure }` with the compiler's first error. */
async function compile({ args, files, output }) {
  await ready;
  const lines = [];
  const stderr = (bytes) => void (bytes && lines.push(new TextDecoder().decode(bytes)));
  try {
    const made = await commands['clang++'](args, { ...tree, ...files }, { stderr, stdout: null });
    return { file: made[output] };
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    const diagnostics = lines.join('').split('\n');
    return { failure: diagnostics.find((line) => /error:/.test(line)) ?? diagnostics[0] };
  }
}

parentPort.on('message', async (call) => parentPort.postMessage(await compile(call)));
