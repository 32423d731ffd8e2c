import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { UserError } from '../../errors.ts';

/** A file of a data set: the names under which it is handed around, and what to expect. */
export interface DataFile {
  readonly names: readonly string[];
  /** Of the original file, unpacked. */
  readonly bytes: number;
}

/** A file that was read: its path, and its bytes, unpacked. */
export interface Read {
  readonly path: string;
  readonly content: Buffer;
}

/**
 * Reads a file of a data set, as it is or packed by gzip (`.gz` behind its name).
 * @param mend what to do where it is missing or damaged
 * @throws UserError where it is missing or does not unpack
 */
export async function readDataFile(folder: string, { names, bytes }: DataFile, mend: string): Promise<Read> {
  for (const name of names.flatMap((plain) => [plain, `${plain}.gz`])) {
    const path = join(folder, name);
    const found = await readIfThere(path);
    if (!found) continue;
    if (!name.endsWith('.gz')) return { path, content: found };
    try {
      return { path, content: await promisify(gunzip)(found) };
    } catch (error) {
      const said = (error as Error).message;
      throw new UserError(`${path} (${found.length} bytes) does not unpack to ${bytes} bytes: ${said}; ${mend}`);
    }
  }
  const place = (await isFolder(folder)) ? `${folder} has no` : `there is no folder ${folder} with`;
  throw new UserError(`${place} ${names[0]} (${bytes} bytes); ${mend}`);
}

/** @throws UserError where a file has another size than its content asks for */
export function requireSize({ path, content }: Read, bytes: number, mend: string): void {
  if (content.length === bytes) return;
  const unpacked = path.endsWith('.gz') ? ' unpacked' : '';
  const kind = content.length < bytes ? 'truncated' : 'too long';
  throw new UserError(`${path} is ${kind}: it has ${content.length} bytes${unpacked} instead of ${bytes}; ${mend}`);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(path, error);
  }
}

/** What is said of a file that is there and cannot be read. @param error of the file system */
export function unreadable(path: string, error: unknown): UserError {
  return new UserError(`${path} cannot be read: ${(error as Error).message}; make it a readable file`);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
