import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../errors.ts';

/** What the operating system's error codes mean to a user, and the mend. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space',
  EDQUOT: 'your disk quota is used up; free some space',
  EFBIG: 'the file would be larger than is allowed here; raise the limit (ulimit -f) or choose another disk',
  EACCES: 'permission denied; change the rights or choose another folder',
  EPERM: 'permission denied; change the rights or choose another folder',
  EROFS: 'the file system is read-only; choose another folder',
  ENOTDIR: 'a part of the path is a file, not a folder; choose another path',
  EISDIR: 'it is a folder, not a file; choose another path',
  ENOENT: 'no such file or folder; check the path',
  EEXIST: 'it exists already; choose another path',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
  EIO: 'the disk reports an error (EIO); check the disk or choose another',
  EMFILE: 'too many open files; raise the limit (ulimit -n)',
};

/**
 * Does `work`, and turns what the operating system refuses into one line for the user.
 * @param what such as "write runs/x/config.json", completes "cannot ..."
 * @throws UserError for every error code of the file system that a user can mend
 */
export function onDisk<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? reasons[String(error.code)] : undefined;
    throw reason === undefined ? error : new UserError(`cannot ${what}: ${reason}`);
  }
}

/**
 * Replaces a file whole or not at all: whatever happens meanwhile, `path` holds the old content or the new. A rest of
 * an interrupted attempt (`path.tmp`) is overwritten by the next.
 * @param keep where the old file goes, if it is not to be lost
 */
export function replaceFile(path: string, parts: readonly (string | Uint8Array)[], keep?: string): void {
  const temporary = `${path}.tmp`;
  onDisk(`write ${path}`, () => {
    try {
      const file = openSync(temporary, 'w');
      try {
        for (const part of parts) writeAll(file, typeof part === 'string' ? Buffer.from(part) : part);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      if (keep !== undefined && existsSync(path)) keepAs(path, keep);
      renameSync(temporary, path);
      syncFolder(dirname(path));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/**
 * Lets `keep` hold what `path` holds, in place of what it held, while `path` stays. A file system that knows no second
 * name for a file gets the old file moved: for a moment it is at `keep` alone.
 */
function keepAs(path: string, keep: string): void {
  const link = `${keep}.tmp`;
  rmSync(link, { force: true });
  try {
    linkSync(path, link);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    renameSync(path, keep);
    return;
  }
  renameSync(link, keep);
  rmSync(link, { force: true }); // renaming one name of a file to another of the same file does nothing
}

/**
 * Writes all of `data`, at `position` or where the file stands: one call of the
 * system may write less than it was given.
 */
export function writeAll(file: number, data: Uint8Array, position?: number): void {
  for (let done = 0; done < data.length;) {
    done += writeSync(file, data, done, data.length - done, position === undefined ? null : position + done);
  }
}

/**
 * Makes a folder, and its parents where they lack; an existing one is left as it is. (Node's recursive mkdir never
 * returns where a folder cannot be made though its parent exists, as in /proc.)
 * @returns the folders that it had to make, parents first
 * @throws UserError if one cannot be made; none is left behind then
 */
export function makeFolder(path: string): string[] {
  const there = onDisk(`make ${path}`, () => statSync(path, { throwIfNoEntry: false }));
  if (there && !there.isDirectory())
    throw new UserError(`cannot make the folder ${path}: there is a file of that name; choose another path`);
  if (there) return [];
  const parent = dirname(path);
  const made = parent === path ? [] : makeFolder(parent);
  try {
    onDisk(`make ${path}`, () => mkdirSync(path));
  } catch (error) {
    if (existsSync(path)) return made; // another process made it meanwhile
    removeEmptyFolders(made);
    throw error;
  }
  return [...made, path];
}

/**
 * Refuses, before work whose result will be written there, a file that {@link replaceFile} cannot put into its folder.
 * @throws UserError if the folder cannot be written or a folder has the file's name
 */
export function requireWritable(path: string): void {
  onDisk(`write ${path}`, () => {
    accessSync(dirname(path), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw new UserError(`cannot write ${path}: ${reasons['EISDIR']}`);
  });
}

/** Takes back what {@link makeFolder} made, as far as nobody has put anything into it. */
export function removeEmptyFolders(made: readonly string[]): void {
  for (const path of made.toReversed()) {
    try {
      rmdirSync(path);
    } catch {
      return;
    }
  }
}

/** @throws UserError if it cannot be read */
export function readFile(path: string): Buffer {
  return onDisk(`read ${path}`, () => readFileSync(path));
}

/** Makes a renamed file's new name survive a power failure. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
