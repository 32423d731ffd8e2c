/// <reference lib="es2024.sharedmemory" />
import { setImmediate } from 'node:timers/promises';
import { commandWords, type PoolSize, queuePlaces, type SharedMemory, wordStride } from './shared-memory.ts';

/*
 * How the main thread and its workers take turns. Every worker has a queue: the main thread writes commands into it and
 * wakes the worker, which does them in order and counts what it has done. The main thread says how many it wants done
 * before it wakes, and whoever does the last of them rings. No message is sent and nobody spins. The counts are the
 * only truth, each written by one thread, so that a worker may die at any point and be replaced. Atomics make plain
 * writes before a count visible after it.
 */

/** What a worker is told to do with one environment. */
export const commands = {
  /** One step with the action that lies ready, from `row` to the next. */
  step: 0,
  /** The next episode, observed in `row`. */
  reset: 1,
  /** A new game from the seed that lies ready, observed in `row`. */
  restart: 2,
  /** Writes what was resumed: the observation into `row`, and the last step's results. */
  show: 3,
  /** Tells its whole state, the observation in `row` included. */
  save: 4,
} as const;
type CommandKind = (typeof commands)[keyof typeof commands];

export interface Command {
  readonly env: number;
  readonly kind: CommandKind;
  readonly row: number;
}

/** Main thread: puts a command into a worker's queue, which `wakeWorker` then tells of. */
export function postCommand(shared: SharedMemory, size: PoolSize, worker: number, { env, kind, row }: Command): void {
  const places = queuePlaces(size);
  const posted = Atomics.load(shared.posted, worker * wordStride);
  const at = (worker * places + (posted & (places - 1))) * commandWords;
  shared.queues[at] = env;
  shared.queues[at + 1] = kind;
  shared.queues[at + 2] = row;
  Atomics.store(shared.posted, worker * wordStride, (posted + 1) | 0);
}

/** Main thread: to be called once after all of a worker's commands are posted. */
export function wakeWorker(shared: SharedMemory, worker: number): void {
  Atomics.notify(shared.posted, worker * wordStride);
}

/** Worker: sleeps until more than `taken` commands (a 32-bit count) are posted, and returns the next one. */
export function nextCommand(shared: SharedMemory, size: PoolSize, worker: number, taken: number): Command {
  const word = worker * wordStride;
  while (Atomics.load(shared.posted, word) === taken) Atomics.wait(shared.posted, word, taken);
  const places = queuePlaces(size);
  const at = (worker * places + (taken & (places - 1))) * commandWords;
  const [env = 0, kind = 0, row = 0] = [shared.queues[at], shared.queues[at + 1], shared.queues[at + 2]];
  return { env, kind: kind as CommandKind, row };
}

/** Worker: one more command of a group's environment is done. */
export function completeCommand(
  shared: SharedMemory,
  { workers, groups }: PoolSize,
  worker: number,
  group: number,
): void {
  Atomics.add(shared.completed, worker * groups + group, 1);
  // Whoever adds last sees the whole sum, so that the bell cannot be missed; twice does no harm.
  if (enough(completedIn(shared, workers, groups, group), Atomics.load(shared.wanted, group))) ring(shared, group);
}

/** Commands of a group that a worker has done so far, a 32-bit count. */
export function completedBy(shared: SharedMemory, { groups }: PoolSize, worker: number, group: number): number {
  return Atomics.load(shared.completed, worker * groups + group);
}

/**
 * Main thread: resolves once `wanted` commands (a 32-bit count) of a group are done, or once `stopped` says so after
 * `ringAll`. Sleeps in the event loop (it wakes 10 us later than from a blocking wait), so that signals and the death
 * of a worker are heard.
 */
export async function commandsDone(
  shared: SharedMemory,
  { workers, groups }: PoolSize,
  group: number,
  wanted: number,
  stopped: () => boolean,
): Promise<void> {
  Atomics.store(shared.wanted, group, wanted);
  const done = (): boolean => enough(completedIn(shared, workers, groups, group), wanted);
  // Where workers are always ahead there would be nothing to sleep for: the event loop gets its turn all the same.
  if (stopped() || done()) return setImmediate();
  // What has stopped may have let go of the memory: it is looked at no more then.
  while (!stopped()) {
    const bell = Atomics.load(shared.bells, group);
    if (done()) return;
    await Atomics.waitAsync(shared.bells, group, bell).value;
  }
}

/** Main thread: makes every `commandsDone` look again. */
export function ringAll(shared: SharedMemory): void {
  for (let group = 0; group < shared.bells.length; group++) ring(shared, group);
}

function ring(shared: SharedMemory, group: number): void {
  Atomics.add(shared.bells, group, 1);
  Atomics.notify(shared.bells, group);
}

function completedIn(shared: SharedMemory, workers: number, groups: number, group: number): number {
  let sum = 0;
  for (let worker = 0; worker < workers; worker++) sum += Atomics.load(shared.completed, worker * groups + group);
  return sum | 0;
}

/** Whether a 32-bit count that wraps around has reached another. */
function enough(count: number, wanted: number): boolean {
  return ((count - wanted) | 0) >= 0;
}
