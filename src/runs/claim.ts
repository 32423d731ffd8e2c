import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { onDisk } from './disk.ts';
import { isRunning, startOf } from './process-start.ts';

/**
 * Claims a run folder for this process, by a file that holds its number and when it began: two processes that write one
 * run would spoil it. A claim that a killed process has left does not count, even if another has its number now.
 * @param what is claimed, for the error
 * @throws UserError if a living process holds the claim, or the file cannot be written
 */
export function claim(file: string, what = 'this run'): void {
  while (!take(file)) {
    const holder = readHolder(file);
    if (holder === undefined) continue; // released meanwhile
    if (holder === '')
      throw new UserError(`another process is just beginning to write ${what}; let it, or remove ${file} if none is`);
    const { pid, start } = parsed(holder);
    if (pid !== process.pid && isRunning(pid, start))
      throw new UserError(
        `process ${pid} is still writing ${what}; stop it first ` +
          `(or remove ${file}, if that process is another program)`,
      );
    removeStale(file, holder);
  }
}

/** Gives the claim up, if it is ours. */
export function release(file: string): void {
  if (readHolder(file) === ours()) rmSync(file, { force: true });
}

/** Our claim: process number and, where the system tells it, start. */
function ours(): string {
  const start = startOf(process.pid);
  return start === undefined ? `${process.pid}` : `${process.pid} ${start}`;
}

function parsed(holder: string): { pid: number; start: string | undefined } {
  const [pid, ...start] = holder.split(' ');
  return { pid: Number(pid), start: start.length > 0 ? start.join(' ') : undefined };
}

/** Creates the file, which at most one process can. Returns whether that was us. */
function take(file: string): boolean {
  return onDisk(`write ${file}`, () => {
    const descriptor = unless('EEXIST', () => openSync(file, 'wx'));
    if (descriptor === undefined) return false;
    try {
      writeSync(descriptor, `${ours()}\n`);
      return true;
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Who holds the claim, as it stands there; '' if it is being written now; undefined where there is no claim. */
function readHolder(file: string): string | undefined {
  return onDisk(`read ${file}`, () => unless('ENOENT', () => readFileSync(file, 'utf8').trim()));
}

/** Takes a dead holder's claim away; not that of a process which was quicker and did so before us. */
function removeStale(file: string, holder: string): void {
  const aside = `${file}.${process.pid}`;
  onDisk(`write ${file}`, () => {
    unless('ENOENT', () => renameSync(file, aside));
    const found = readHolder(aside);
    if (found === holder) rmSync(aside);
    else if (found !== undefined) renameSync(aside, file);
  });
}

/** What `work` returns; undefined where the system refuses it with this code. */
function unless<T>(code: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === code) return undefined;
    throw error;
  }
}
