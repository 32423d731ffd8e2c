import { createHash } from 'node:crypto';
import { Packr } from 'msgpackr';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { readFile, replaceFile } from './disk.ts';

/**
 * The file: the packed content beside its hash, since MessagePack itself would read damaged numbers without complaint.
 */
const sealed = z.object({ format: z.literal(1), sha256: z.string(), state: z.instanceof(Uint8Array) });

// Records are msgpackr's own; without them any MessagePack reader reads the file. Typed arrays stay exact.
const packr = new Packr({ structuredClone: true, useRecords: false });

/** Replaces the file, whole or not at all. Throws UserError if the disk is full or not writable. */
export function writeSealed(path: string, content: object): void {
  const state = packr.pack(content);
  replaceFile(path, [packr.pack({ format: 1, sha256: sha256(state), state })]);
}

/** @throws UserError if it is missing, truncated, damaged or of another form */
export function readSealed<T>(path: string, schema: z.ZodType<T>): T {
  const data = readFile(path);
  const outer = sealed.safeParse(unpack(data));
  if (!outer.success || sha256(outer.data.state) !== outer.data.sha256)
    throw damaged(path, `${data.length} bytes, hash or form is wrong`);
  const inner = schema.safeParse(unpack(outer.data.state));
  if (!inner.success) throw damaged(path, z.prettifyError(inner.error).replaceAll('\n', ' '));
  return inner.data;
}

function unpack(data: Uint8Array): unknown {
  try {
    return packr.unpack(data) as unknown;
  } catch {
    return undefined;
  }
}

export function damaged(path: string, detail: string): UserError {
  return new UserError(`${path} is damaged (${detail}); put back a good copy or start a new run`);
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
