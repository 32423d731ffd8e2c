import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { Packr } from 'msgpackr';
import { UserError } from './user-error.ts';

// Plain MessagePack but for typed arrays, which stay exact only so.
const packr = new Packr({ structuredClone: true, useRecords: false });

/** The form of what is saved; another number is another form. */
const format = 1;

/** What environments save, as bytes: `kind` says of what, a hash guards it, since MessagePack itself reads anything. */
export function packSaved(kind: string, state: unknown): Uint8Array {
  const packed = packr.pack(state);
  return new Uint8Array(packr.pack({ environments: kind, format, sha256: hashOf(packed), state: packed }));
}

/**
 * What `packSaved` was given, of the same kind.
 * @throws UserError, one line, where the bytes are damaged or of something else
 */
export function unpackSaved(kind: string, bytes: Uint8Array): unknown {
  const outer = unpack(bytes);
  if (!isRecord(outer) || typeof outer['environments'] !== 'string') {
    throw new UserError(`these ${bytes.length} bytes are no saved environments; give what save() returned`);
  }
  if (outer['environments'] !== kind) {
    throw new UserError(`these are saved environments of kind ${outer['environments']}; this one restores ${kind}`);
  }
  if (outer['format'] !== format) {
    throw new UserError(
      `saved environments of format ${String(outer['format'])}, not ${format}; use the version that wrote them`,
    );
  }
  const { state, sha256: hash } = outer;
  if (!(state instanceof Uint8Array) || hashOf(state) !== hash) {
    throw new UserError(
      `these saved environments are damaged (${bytes.length} bytes, the hash is wrong); take a good copy`,
    );
  }
  return packr.unpack(state);
}

function unpack(bytes: Uint8Array): unknown {
  try {
    return packr.unpack(bytes);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function hashOf(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}
