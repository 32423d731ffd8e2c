// SPDX-License-Identifier: GPL-2.0-only
// One clang in one thread. It is given the source tree once, then one unit at a time, and answers with an object file.
import { parentPort, workerData } from 'node:worker_threads';
import { commands, Exit } from '@yowasp/clang';

const { tree, flags } = workerData;
const silent = () => {};

parentPort.on('message', async ({ name, text }) => {
  const lines = [];
  const stderr = (bytes) => void (bytes && lines.push(new TextDecoder().decode(bytes)));
  try {
    const args = [...flags, '-c', 'unit.cc', '-o', 'unit.o'];
    const files = await commands['clang++'](args, { ...tree, 'unit.cc': text }, { stderr, stdout: null, fetchProgress: silent });
    parentPort.postMessage({ name, object: files['unit.o'] });
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    const diagnostics = lines.join('').split('\n');
    parentPort.postMessage({ name, failure: diagnostics.find((line) => /error:/.test(line)) ?? diagnostics[0] });
  }
});
