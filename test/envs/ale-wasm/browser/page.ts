// What the page runs; `ale-wasm` is found through its import map.
import { loadAle } from 'ale-wasm';
import { doTask, type PlayTask, type SpoilTask } from './tasks.ts';

/** Errors come back as text, for the test to look at. */
const inPage = (task: PlayTask | SpoilTask): Promise<unknown> => doTask(task).catch(String);

/** Has a worker do a task; with `share` it gets the module that the page compiled. */
async function inWorker(task: PlayTask, share: boolean): Promise<unknown> {
  const sent = share ? { ...task, source: { shared: (await loadAle()).share() } } : task;
  const worker = new Worker('/worker.js', { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(sent);
    });
  } finally {
    worker.terminate();
  }
}

export type Page = typeof globalThis & { inPage: typeof inPage; inWorker: typeof inWorker };
Object.assign(globalThis, { inPage, inWorker });
