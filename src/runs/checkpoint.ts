import { createHash } from 'node:crypto';
import { Packr } from 'msgpackr';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { readFile, replaceFile } from './disk.ts';

const count = z.number().int().min(0);
const vector: z.ZodType<Float32Array> = z.instanceof(Float32Array);

const checkpointState = z.object({
  /** Updates done. */
  update: count,
  /** Agent steps played, over all environments. */
  agentStep: count,
  /** Adam steps taken. */
  adamStep: count,
  /** Flat vectors of one length: parameters, and Adam's first and second moments. */
  parameters: vector,
  m: vector,
  v: vector,
  /** States of random generators, by name: `run` is the one that draws everything but the environments' chances. */
  random: z.object({ run: z.array(z.number().int()) }),
  /** Seconds of training. */
  seconds: z.number().min(0),
  /** Scores of up to the last 100 finished games, oldest first. */
  recentScores: z.array(z.number()),
  /** Games finished since the run began. */
  games: count,
});

const checkpoint = checkpointState.extend({
  /**
   * Bytes of the growing files when this was saved, by name in the run folder: a resumed run cuts them back to this.
   */
  fileLengths: z.record(z.string(), count),
});

/** What a trainer needs to go on. */
export type CheckpointState = z.infer<typeof checkpointState>;
export type Checkpoint = z.infer<typeof checkpoint>;

/**
 * The file: the packed state beside its hash, since MessagePack itself would read damaged numbers without complaint.
 */
const sealed = z.object({ format: z.literal(1), sha256: z.string(), state: z.instanceof(Uint8Array) });

// Records are msgpackr's own; without them any MessagePack reader reads the file. Typed arrays stay exact.
const packr = new Packr({ structuredClone: true, useRecords: false });

/** Replaces the checkpoint at `path`, whole or not at all. Throws UserError if the disk is full or not writable. */
export function writeCheckpoint(path: string, content: Checkpoint): void {
  const state = packr.pack(content);
  replaceFile(path, [packr.pack({ format: 1, sha256: sha256(state), state })]);
}

/** @throws UserError if it is missing, truncated, damaged or of another version */
export function readCheckpoint(path: string): Checkpoint {
  const data = readFile(path);
  const outer = sealed.safeParse(unpack(data));
  if (!outer.success || sha256(outer.data.state) !== outer.data.sha256)
    throw damaged(path, `${data.length} bytes, hash or form is wrong`);
  const inner = checkpoint.safeParse(unpack(outer.data.state));
  if (!inner.success) throw damaged(path, z.prettifyError(inner.error).replaceAll('\n', ' '));
  const { parameters, m, v } = inner.data;
  if (m.length !== parameters.length || v.length !== parameters.length)
    throw damaged(path, "lengths of Adam's moments differ from the parameters'");
  return inner.data;
}

function unpack(data: Uint8Array): unknown {
  try {
    return packr.unpack(data) as unknown;
  } catch {
    return undefined;
  }
}

function damaged(path: string, detail: string): UserError {
  return new UserError(`${path} is damaged (${detail}); put back a good copy or start a new run`);
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
