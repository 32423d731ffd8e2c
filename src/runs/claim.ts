import { existsSync, readFileSync, rmSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { onDisk, replaceFile } from './disk.ts';

/**
 * Claims a run folder for this process, by a file that holds its number: two processes that write one run would spoil it. A claim that a killed
 * process has left does not count.
 * @throws UserError if a living process holds the claim, or the file cannot be written
 */
export function claim(file: string): void {
  const holder = existsSync(file) ? Number(onDisk(`read ${file}`, () => readFileSync(file, 'utf8'))) : 0;
  if (holder !== process.pid && isAlive(holder))
    throw new UserError(
      `process ${holder} is still writing this run; stop it first (or remove ${file}, if that process is another program)`,
    );
  replaceFile(file, [`${process.pid}\n`]);
}

export function release(file: string): void {
  rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
