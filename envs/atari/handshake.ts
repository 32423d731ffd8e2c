/// <reference lib="es2024.sharedmemory" />
import { setImmediate } from 'node:timers/promises';
import { jobPlaces, type SharedRollout } from './shared-rollout.ts';

/*
 * How the trainer and its workers take turns. The trainer posts a job for a group and wakes every worker; each does
 * the group's environments that are its own, in the order in which jobs were posted; the last to finish wakes the
 * trainer. No message is sent and nobody spins. Atomics make plain writes before a post (or a finish) visible after it.
 */

/** Step `t` of a group. */
export interface Job {
  readonly group: number;
  readonly t: number;
}

/** In place of a step: every environment of the group begins anew from its seed. */
export const restartStep = -1;

/** Trainer: hands a job to all workers. Returns what `finished[group]` will be once it is done. */
export function postJob(shared: SharedRollout, { group, t }: Job, workers: number): number {
  const expected = (Atomics.load(shared.finished, group) + 1) | 0;
  const place = Atomics.load(shared.posted, 0) & (jobPlaces - 1);
  shared.jobs[place * 2] = group;
  shared.jobs[place * 2 + 1] = t;
  Atomics.store(shared.pending, group, workers);
  Atomics.add(shared.posted, 0, 1);
  Atomics.notify(shared.posted, 0);
  return expected;
}

/** Worker: sleeps until more than `taken` jobs (a 32-bit count) are posted, and returns the next one. */
export function nextJob(shared: SharedRollout, taken: number): Job {
  while (Atomics.load(shared.posted, 0) === taken) Atomics.wait(shared.posted, 0, taken);
  const place = taken & (jobPlaces - 1);
  return { group: shared.jobs[place * 2] ?? 0, t: shared.jobs[place * 2 + 1] ?? 0 };
}

/** Worker: its part of the group's job is done. */
export function finishJob(shared: SharedRollout, group: number): void {
  if (Atomics.sub(shared.pending, group, 1) > 1) return;
  Atomics.add(shared.finished, group, 1);
  Atomics.notify(shared.finished, group);
}

/**
 * Trainer: resolves once `finished[group]` is `expected`, or once `stopped` says so after `wakeTrainer`. Sleeps in the
 * event loop (it wakes 10 us later than from a blocking wait), so that signals and the death of a worker are heard.
 */
export async function jobFinished(
  shared: SharedRollout,
  group: number,
  expected: number,
  stopped: () => boolean,
): Promise<void> {
  // Where workers are always ahead there would be nothing to sleep for: the event loop gets its turn all the same.
  if (Atomics.load(shared.finished, group) === expected) return setImmediate();
  for (;;) {
    const finished = Atomics.load(shared.finished, group);
    if (finished === expected || stopped()) return;
    await Atomics.waitAsync(shared.finished, group, finished).value;
  }
}

/** Trainer: makes every `jobFinished` look again. */
export function wakeTrainer(shared: SharedRollout): void {
  for (let group = 0; group < shared.finished.length; group++) Atomics.notify(shared.finished, group);
}
