// SPDX-License-Identifier: GPL-2.0-only
// A pool of compilers: calls are handed out in the order in which they were made.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Several clang processes in worker threads over one source tree. */
export class Compilers {
  #idle = [];
  #queue = [];
  #workers;

  /**
   * @param {object} tree nested folders of text: what every call sees
   * @param {number} most calls there will be, so that no thread is started in vain
   */
  constructor(tree, most) {
    // Each thread holds its own clang, half a gigabyte; beyond eight the longest unit decides anyway.
    const count = Math.min(availableParallelism(), most, 8);
    const url = new URL('compile-worker.mjs', import.meta.url);
    this.#workers = Array.from({ length: count }, () => new Worker(url, { workerData: { tree } }));
    this.#idle = [...this.#workers];
  }

  /**
   * Runs clang++.
   * @param {{ name: string, args: string[], files: Record<string, string | Uint8Array>, output: string }} call
   * @returns {Promise<Uint8Array>} the file `output`; rejects with the compiler's first error
   */
  run(call) {
    return new Promise((resolve, reject) => {
      this.#queue.push({ call, resolve, reject });
      this.#next();
    });
  }

  async close() {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #next() {
    if (this.#idle.length === 0 || this.#queue.length === 0) return;
    const worker = this.#idle.pop();
    const { call, resolve, reject } = this.#queue.shift();
    const done = ({ file, failure }) => {
      worker.off('error', broken).off('message', done);
      this.#idle.push(worker);
      this.#next();
      if (failure === undefined) resolve(file);
      else reject(new Error(`compiling ${call.name}: ${failure}`));
    };
    const broken = (error) =>
      reject(new Error(`compiling ${call.name}: the compiler's thread ended: ${error.message}`));
    worker.once('message', done).once('error', broken);
    worker.postMessage({ args: call.args, files: call.files, output: call.output });
  }
}
