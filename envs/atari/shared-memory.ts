import { arraysIn, layoutBytes, releaseArrays, type ArraysOf } from './shared-arrays.ts';

export interface PoolSize {
  /** Environments. */
  readonly count: number;
  readonly workers: number;
  /** Sets of environments that are waited for apart: environment e is in set floor(e * groups / count). */
  readonly groups: number;
  /** Observation rows of each environment: a step reads row t and writes row (t + 1) % rows. */
  readonly rows: number;
  /** Results of each environment: a step from row t writes result t % cells. */
  readonly cells: number;
  /** Bytes of one observation. */
  readonly observationBytes: number;
}

/** Int32 from one worker's word to the next one's: a cache line, so that workers do not meet on it. */
export const wordStride = 16;
/** Numbers of one command in a queue: environment, what to do, row. */
export const commandWords = 3;
/** Numbers in `infos` per environment and moment: see `infoIndex`. */
export const infoWords = 3;
/** Numbers in `gameFacts` per environment. */
export const gameFactWords = 4;

/** Commands that a worker's queue holds: more than its environments can have under way. A power of two. */
export function queuePlaces({ count, workers }: PoolSize): number {
  return 2 ** Math.ceil(Math.log2(4 * Math.ceil(count / workers)));
}

/** What the main thread and the workers write for each other; only the first half interests a learner. */
function poolLayout(size: PoolSize) {
  const { count, workers, groups, rows, cells, observationBytes } = size;
  return {
    /** (count, rows, ...one observation) */
    observations: [Uint8Array, count * rows * observationBytes],
    /** (count, ...one observation): the last of the episode that ended last; written in mode `sameStep` alone. */
    finalObservations: [Uint8Array, count * observationBytes],
    /** (count, cells) each */
    rewards: [Float32Array, count * cells],
    terminated: [Uint8Array, count * cells],
    truncated: [Uint8Array, count * cells],
    /** (count, 2, 3): lives, frames since the ROM was loaded, frames of this game; [1] where an episode ended. */
    infos: [Int32Array, infoIndex(count, 'now') * infoWords],
    /** (count, 2): score of the game so far, not clipped; [1] where an episode ended. */
    infoScores: [Float64Array, infoIndex(count, 'now')],

    /** (count) action indices of the steps under way, written by the main thread. */
    actions: [Int32Array, count],
    /** (count) seeds for the restarts under way, and those of the games being played. */
    seeds: [Int32Array, count],
    /** (count) 1 where the whole game ended in the last step; then its facts and its score hold. */
    ended: [Uint8Array, count],
    scores: [Float64Array, count],
    /** (count, 4): agent steps, frames, lives lost, 1 if cut by the frame cap. */
    gameFacts: [Int32Array, count * gameFactWords],
    /** (workers) the environment in hand, -1 for none: names the culprit where a worker dies without a word. */
    inHand: [Int32Array, workers * wordStride],

    /** (workers, places, 3): environment, command and row. */
    queues: [Int32Array, workers * queuePlaces(size) * commandWords],
    /** (workers) commands given to each so far. */
    posted: [Int32Array, workers * wordStride],
    /** (workers, groups) commands of each group's environments done so far; saves are not counted. */
    completed: [Int32Array, workers * groups],
    /** (groups) how many must be done before the main thread wants to wake. */
    wanted: [Int32Array, groups],
    /** (groups) what the main thread sleeps on. */
    bells: [Int32Array, groups],
  } as const;
}

export type SharedMemory = ArraysOf<ReturnType<typeof poolLayout>>;

/** Memory for a pool, all zero. Throws RangeError where there is not so much. */
export function allocatePool(size: PoolSize): SharedArrayBuffer {
  return new SharedArrayBuffer(layoutBytes(poolLayout(size)));
}

/** Which of an environment's two infos: of the game now, or at the end of the episode that its last step ended. */
export type InfoMoment = 'now' | 'end';

/** Index in `infoScores`, and times `infoWords` in `infos`, of what environment `env` tells of a moment. */
export function infoIndex(env: number, moment: InfoMoment): number {
  return env * 2 + Number(moment === 'end');
}

/** The arrays of a pool that lie in `memory`. */
export function sharedMemory(memory: SharedArrayBuffer, size: PoolSize): SharedMemory {
  return arraysIn(memory, poolLayout(size));
}

/** Puts empty arrays in the place of all, so that who still holds `shared` does not hold its memory. */
export function releaseSharedMemory(shared: SharedMemory): void {
  releaseArrays(shared);
}

/** The worker that plays an environment: in turn, so that every group is spread over all of them. */
export function workerOf(env: number, { workers }: PoolSize): number {
  return env % workers;
}

/** The group of an environment: groups are blocks of rows. */
export function groupOf(env: number, { count, groups }: PoolSize): number {
  return Math.floor((env * groups) / count);
}
