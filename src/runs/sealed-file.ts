import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { Packr } from 'msgpackr';
import { z } from 'zod';
import { allIssues } from '../../agents/one-line.ts';
import { UserError } from '../errors.ts';
import { onDisk, readFile, replaceFile } from './disk.ts';

/** The form that is written; 1, which had less in PPO's checkpoints, is read too. */
const format = 2;

/**
 * The file: the packed content beside its hash, since MessagePack itself would read damaged numbers without complaint.
 */
const sealed = z.object({
  format: z.number().int().min(1),
  sha256: z.string(),
  state: z.instanceof(Uint8Array),
});

// Records are msgpackr's own; without them any MessagePack reader reads the file. Typed arrays stay exact.
const packr = new Packr({ structuredClone: true, useRecords: false });

/** What a sealed file holds, and the hash by which this content is known from any other. */
export interface Unsealed<T> {
  readonly content: T;
  readonly sha256: string;
}

/** Why a sealed file cannot be used, in few words. */
interface Damage {
  readonly damage: string;
}

/**
 * Replaces the file, whole or not at all, and keeps the one before beside it: see {@link previousOf}. Throws UserError
 * if the disk is full or not writable; nothing has changed then.
 */
export function writeSealed(path: string, content: object): void {
  const state = packr.pack(content);
  replaceFile(path, [packr.pack({ format, sha256: hashOf(format, state), state })], previousOf(path));
}

/** Where the file that was replaced last lies: `x.previous.msgpack` of `x.msgpack`. */
export function previousOf(path: string): string {
  return path.replace(/(\.\w+)$/, '.previous$1');
}

/** Takes the last replacement of a file back: the one before is in its place again. */
export function putBack(path: string): void {
  onDisk(`write ${path}`, () => renameSync(previousOf(path), path));
}

/** @throws UserError if it is missing, truncated, damaged or of another form or a newer version */
export function readSealed<T>(path: string, schema: z.ZodType<T>): T {
  const read = unseal(path, schema);
  if ('damage' in read) throw damaged(path, read.damage);
  return read.content;
}

/** As {@link readSealed}, but damage is returned. Throws UserError if the file is of a newer version, or unreadable. */
export function unseal<T>(path: string, schema: z.ZodType<T>): Unsealed<T> | Damage {
  const data = readFile(path);
  const outer = sealed.safeParse(unpack(data));
  if (!outer.success || hashOf(outer.data.format, outer.data.state) !== outer.data.sha256)
    return { damage: `${data.length} bytes, hash or form is wrong` };
  if (outer.data.format > format)
    throw new UserError(
      `${path} is of a newer version (format ${outer.data.format}, this one knows ${format}); ` +
        'use the version that wrote it',
    );
  const inner = schema.safeParse(unpack(outer.data.state));
  if (!inner.success) return { damage: allIssues(inner.error) };
  return { content: inner.data, sha256: outer.data.sha256 };
}

/** The hash that the file says of itself; undefined where there is no such file, or none that says it. */
export function sealOf(path: string): string | undefined {
  return existsSync(path) ? sealed.safeParse(unpack(readFile(path))).data?.sha256 : undefined;
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

/** The format is in it, so that a damaged number is not taken for that of another version; it was not in format 1. */
function hashOf(format: number, state: Uint8Array): string {
  const hash = createHash('sha256');
  if (format > 1) hash.update(`${format} `);
  return hash.update(state).digest('hex');
}
