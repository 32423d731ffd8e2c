import { arraysIn, layoutBytes, type ArraysOf } from './shared-arrays.ts';

export interface RolloutSize {
  /** Environments. */
  readonly count: number;
  readonly groups: number;
  /** T: agent steps per rollout. */
  readonly rolloutSteps: number;
  /** Bytes of one observation. */
  readonly observationBytes: number;
  readonly workers: number;
}

/** Places for jobs: at most one per group is under way, so that many never overtake each other. A power of two. */
export const jobPlaces = 4;

/** What the trainer and the workers write for each other; only the first half interests a learner. */
function rolloutLayout({ count, groups, rolloutSteps, observationBytes, workers }: RolloutSize) {
  return {
    /** (count, T + 1, observation) */
    observations: [Uint8Array, count * (rolloutSteps + 1) * observationBytes],
    /** (count, observation) */
    finalObservations: [Uint8Array, count * observationBytes],
    /** (count, T) each */
    rewards: [Float32Array, count * rolloutSteps],
    terminated: [Uint8Array, count * rolloutSteps],
    truncated: [Uint8Array, count * rolloutSteps],

    /** (count) action indices of the step under way, written by the trainer. */
    actions: [Int32Array, count],
    /** (count) 1 where the whole game ended in the last step; then its score, not clipped, and its facts hold. */
    ended: [Uint8Array, count],
    scores: [Float64Array, count],
    /** (count, 4): agent steps, frames, lives lost, 1 if cut by the frame cap. */
    gameFacts: [Int32Array, count * 4],
    /** (workers) the environment in hand, -1 for none: names the culprit where a worker dies without a word. */
    inHand: [Int32Array, workers],

    /** (1) jobs posted so far. */
    posted: [Int32Array, 1],
    /** (4, 2) group and step of the newest jobs. */
    jobs: [Int32Array, jobPlaces * 2],
    /** (groups) workers that still have to finish the group's job. */
    pending: [Int32Array, groups],
    /** (groups) jobs finished so far. */
    finished: [Int32Array, groups],
  } as const;
}

export type SharedRollout = ArraysOf<ReturnType<typeof rolloutLayout>>;

/** Memory for a rollout, all zero. Throws RangeError where there is not so much. */
export function allocateRollout(size: RolloutSize): SharedArrayBuffer {
  return new SharedArrayBuffer(layoutBytes(rolloutLayout(size)));
}

/** The arrays of a rollout that lie in `memory`. */
export function sharedRollout(memory: SharedArrayBuffer, size: RolloutSize): SharedRollout {
  return arraysIn(memory, rolloutLayout(size));
}
