import { z } from 'zod';
import { damaged, readSealed, writeSealed } from './sealed-file.ts';

const count = z.number().int().min(0);
const vector: z.ZodType<Float32Array> = z.instanceof(Float32Array);

/** What every trainer needs to go on. */
export const learnerState = {
  /** Updates done. */
  update: count,
  /** Adam steps taken. */
  adamStep: count,
  /** Flat vectors of one length: parameters, and Adam's first and second moments. */
  parameters: vector,
  m: vector,
  v: vector,
  /** Seconds of training. */
  seconds: z.number().min(0),
};

/**
 * Bytes of the growing files when a checkpoint was saved, by name in the run folder: a resumed run cuts them back to
 * this.
 */
export const fileLengths = z.record(z.string(), count);

const checkpointState = z.object({
  ...learnerState,
  /** Agent steps played, over all environments. */
  agentStep: count,
  /** States of random generators, by name: `run` is the one that draws everything but the environments' chances. */
  random: z.object({ run: z.array(z.number().int()) }),
  /** Scores of up to the last 100 finished games, oldest first. */
  recentScores: z.array(z.number()),
  /** Games finished since the run began. */
  games: count,
});

const checkpoint = checkpointState.extend({ fileLengths });

/** What PPO's trainer needs to go on. */
export type CheckpointState = z.infer<typeof checkpointState>;
export type Checkpoint = z.infer<typeof checkpoint>;

/** Replaces the checkpoint at `path`, whole or not at all. Throws UserError if the disk is full or not writable. */
export function writeCheckpoint(path: string, content: Checkpoint): void {
  writeSealed(path, content);
}

/** @throws UserError if it is missing, truncated, damaged or of another version */
export function readCheckpoint(path: string): Checkpoint {
  return checkLengths(path, readSealed(path, checkpoint));
}

/** @throws UserError unless Adam's moments are as long as the parameters */
export function checkLengths<T extends Pick<Checkpoint, 'parameters' | 'm' | 'v'>>(path: string, state: T): T {
  const { parameters, m, v } = state;
  if (m.length !== parameters.length || v.length !== parameters.length)
    throw damaged(path, "lengths of Adam's moments differ from the parameters'");
  return state;
}
