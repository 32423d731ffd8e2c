import { BroadcastChannel, type Worker } from 'node:worker_threads';

/** A worker's script that breaks as `breakWorkers` said before it started. */
export const entry = new URL('./broken-worker.mjs', import.meta.url);

/** Workers that start from now on break so, after so many steps of their environments; all of them, or one alone. */
export function breakWorkers(how: string, after: number, worker?: number): void {
  mendWorkers(); // they take over the environment variables
  Object.assign(process.env, { BREAK: how, BREAK_AFTER: `${after}` });
  if (worker !== undefined) process.env['BREAK_WORKER'] = `${worker}`;
}

/** Workers that start from now on do not break. */
export function mendWorkers(): void {
  for (const name of ['BREAK', 'BREAK_AFTER', 'BREAK_WORKER']) delete process.env[name];
}

/** Resolves once the next worker is where it breaks. */
export async function workerBreaks(): Promise<void> {
  const channel = new BroadcastChannel('worker breaks');
  await new Promise((resolve) => (channel.onmessage = resolve));
  channel.close();
}

/** The threads of this process, in the order in which they started. */
const threads: Worker[] = [];
process.on('worker', (thread) => threads.push(thread));

/** Ends the thread that started last, from outside: the last worker of the newest pool, or what restart() replaced. */
export async function killNewestWorker(): Promise<void> {
  await threads.at(-1)?.terminate();
}
