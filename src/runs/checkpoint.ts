import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { gamesActivation } from '../activation/forms.ts';
import { UserError } from '../errors.ts';
import { fileNames } from './file-names.ts';
import { previousOf, unseal, type Unsealed } from './sealed-file.ts';

const count = z.number().int().min(0);
const vector: z.ZodType<Float32Array> = z.instanceof(Float32Array);
const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);

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

/** What every checkpoint holds beside the trainer's state. */
export const checkpointFacts = {
  /** Bytes of the growing files when it was saved, by name in the run folder: a resumed run cuts them back to this. */
  fileLengths: z.record(z.string(), count),
  /** When its run began, by config.json: a checkpoint of another run is known by it. Older ones do not tell. */
  created: z.string().optional(),
};

/** All of the games under way: what the trainer needs so that they go on as if nothing had been. */
const play = z.object({
  /** What the environments saved of themselves. */
  environments: bytes,
  /** (E, width) each, (E): the core's states, and whether the next step keeps them. */
  states: z.array(vector),
  keep: vector,
  activation: gamesActivation,
});

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
  /** Checkpoints of older versions have none; their runs begin new games. */
  play: play.optional(),
});

/** What a checkpoint of any kind of run tells. */
type Learned = Pick<CheckpointState, 'update' | 'parameters' | 'm' | 'v'> & { readonly created?: string | undefined };

/** Whether Adam's moments are as long as the parameters. */
export const evenMoments = [
  ({ parameters, m, v }: Learned) => m.length === parameters.length && v.length === parameters.length,
  "lengths of Adam's moments differ from the parameters'",
] as const;

/** PPO's, as checkpoint.msgpack holds it. */
export const checkpoint = checkpointState.extend(checkpointFacts).refine(...evenMoments);

/** What PPO's trainer needs to go on. */
export type CheckpointState = z.infer<typeof checkpointState>;
export type PlayState = z.infer<typeof play>;
export type Checkpoint = z.infer<typeof checkpoint>;

/** A checkpoint, and where it was found. */
export interface FoundCheckpoint<T> extends Unsealed<T> {
  readonly file: string;
  /** For the user, if it is not the newest: why, and which it is. */
  readonly note?: string;
}

/**
 * The newest good checkpoint of a run folder: the one before, if the last is damaged, or was being put in its place
 * when the run was killed. Undefined where none was saved yet.
 * @param config the run's config.json @param schema of the kind of run
 * @throws UserError if no checkpoint is good, or one is of a newer version or of another run
 */
export function findCheckpoint<T extends Learned>(
  path: string,
  config: { readonly parameters: number; readonly created: string },
  schema: z.ZodType<T>,
): FoundCheckpoint<T> | undefined {
  const newest = join(path, fileNames.checkpoint);
  const files = [newest, previousOf(newest)].filter((file) => existsSync(file));
  const troubles: string[] = files.includes(newest) ? [] : [`${newest} is missing`];
  for (const file of files) {
    const read = unseal(file, schema);
    if ('damage' in read) {
      troubles.push(`${file} is damaged (${read.damage})`);
      continue;
    }
    requireSameRun(file, read.content, config);
    const note = `${troubles.join(', ')}: going on from ${basename(file)}, of update ${read.content.update}`;
    return { ...read, file, ...(file !== newest && { note }) };
  }
  if (files.length === 0) return undefined;
  throw new UserError(`${troubles.join(', ')}; put back a good copy or start a new run`);
}

function requireSameRun(
  file: string,
  { parameters, created }: Learned,
  config: { readonly parameters: number; readonly created: string },
): void {
  const mend = 'they are of two runs; put back the right one';
  if (parameters.length !== config.parameters)
    throw new UserError(`${file} has ${parameters.length} parameters, config.json says ${config.parameters}: ${mend}`);
  if (created !== undefined && created !== config.created)
    throw new UserError(`${file} is of a run begun at ${created}, config.json of one at ${config.created}: ${mend}`);
}
