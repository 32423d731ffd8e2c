import { availableParallelism, freemem } from 'node:os';

/**
 * Memory that a run may take. Atari runs of 8 environments have 0.8 to 0.9 GB, by `rssBytes` in their metrics.jsonl;
 * --at-once is for those that need more.
 */
const bytesPerRun = 2 ** 30;

/** What a run gets of the machine while others are trained beside it. */
export interface Parallelism {
  /** Runs trained at once. */
  readonly runs: number;
  /** Threads of TensorFlow, and of environments, for each of them. */
  readonly threads: number;
}

/** What a container leaves, where Node tells it (from 20.13 on), not what the host has. */
function freeMemory(): number {
  const { availableMemory } = process as { readonly availableMemory?: () => number };
  return availableMemory?.() ?? freemem();
}

/**
 * Divides the machine among runs: as many at once as it has cores, and memory for, with the cores divided evenly. Runs
 * side by side on a thread each get more done than one run on all threads, as none waits for another.
 * @param wanted by the user @param runs that are to be trained
 */
export function parallelismFor(
  runs: number,
  wanted?: number,
  { cores, freeBytes } = { cores: availableParallelism(), freeBytes: freeMemory() },
): Parallelism {
  const borne = Math.max(1, Math.min(cores, Math.floor(freeBytes / bytesPerRun)));
  const atOnce = Math.max(1, Math.min(runs, wanted ?? borne));
  return { runs: atOnce, threads: Math.max(1, Math.floor(cores / atOnce)) };
}
