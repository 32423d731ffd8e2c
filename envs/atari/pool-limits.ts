import { requireWhole } from '../ranges.ts';
import { UserError } from '../user-error.ts';

export interface WorkerPoolLimits {
  /**
   * Agent steps of an environment from one snapshot to the next, up to 1,000,000: about what `restart` has to play
   * again. 0: no snapshots, no restarts, and nothing is kept for them.
   */
  readonly snapshotEvery: number;
  /** Seconds in which a worker that has something to do gets some of it done, 0.1..86,400; else it is hanging. */
  readonly stepLimit: number;
  /** Seconds in which a worker starts, with its games to load and play up to where they were, 0.1..86,400. */
  readonly startLimit: number;
}

/** The limits, with defaults (60 s to step, 300 s to start) for those left out. @throws UserError for a bad one */
export function poolLimits(
  { snapshotEvery, stepLimit = 60, startLimit = 300 }: Partial<WorkerPoolLimits>,
  defaultSnapshotEvery: number,
): WorkerPoolLimits {
  const every = snapshotEvery ?? defaultSnapshotEvery;
  requireWhole('snapshotEvery', every, 0, 1_000_000);
  for (const [name, seconds] of Object.entries({ stepLimit, startLimit })) {
    if (seconds >= 0.1 && seconds <= 86_400) continue;
    throw new UserError(`${name} ${seconds} is out of range; give seconds, 0.1 to 86400`);
  }
  return { snapshotEvery: every, stepLimit, startLimit };
}
