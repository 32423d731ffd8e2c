import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { fileNames } from './file-names.ts';
import { damaged, readSealed } from './sealed-file.ts';

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

/** PPO's, as checkpoint.msgpack holds it. */
export const checkpoint = checkpointState.extend({ fileLengths });

/** What PPO's trainer needs to go on. */
export type CheckpointState = z.infer<typeof checkpointState>;
export type Checkpoint = z.infer<typeof checkpoint>;

/**
 * The checkpoint of a run folder.
 * @param config the run's config.json @param schema of the kind of run
 * @throws UserError if there is none yet, or it is truncated, damaged, of another version, or of another run
 */
export function readRunCheckpoint<T extends Learned>(
  path: string,
  config: { readonly parameters: number },
  schema: z.ZodType<T>,
): T {
  const file = join(path, fileNames.checkpoint);
  if (!existsSync(file))
    throw new UserError(`${path} has no checkpoint yet, so there is nothing to go on from; start a new run`);
  const state = readCheckpoint(file, schema);
  if (state.parameters.length !== config.parameters)
    throw new UserError(
      `${file} has ${state.parameters.length} parameters, config.json says ${config.parameters}: ` +
        'they are of two runs; put back the right one',
    );
  return state;
}

type Learned = Pick<Checkpoint, 'parameters' | 'm' | 'v'>;

/** @throws UserError if it is missing, truncated, damaged or of another version */
export function readCheckpoint<T extends Learned>(path: string, schema: z.ZodType<T>): T {
  const state = readSealed(path, schema);
  const { parameters, m, v } = state;
  if (m.length !== parameters.length || v.length !== parameters.length)
    throw damaged(path, "lengths of Adam's moments differ from the parameters'");
  return state;
}
