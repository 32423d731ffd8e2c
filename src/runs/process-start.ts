import { readFileSync } from 'node:fs';

/**
 * When a process began, in words that no other process with its number shares: the boot of the machine, and clock ticks
 * since then. Undefined where there is no such process, and on systems without /proc.
 */
export function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const boot = read('/proc/sys/kernel/random/boot_id');
  // The name, in parentheses, may hold anything; state is the field after it, start the twentieth (man 5 proc).
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return boot !== undefined && fields?.[19] !== undefined ? `${boot.trim()} ${fields[19]}` : undefined;
}

/**
 * Whether a process is running: one that has ended, though its parent has not asked how, is not.
 * @param start of it, by {@link startOf}; a process with its number that began at another time is another
 */
export function isRunning(pid: number, start: string | undefined): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || !exists(pid)) return false;
  const stat = read(`/proc/${pid}/stat`);
  if (stat !== undefined && /\) [ZX] /.test(stat.slice(stat.lastIndexOf(')')))) return false;
  const now = startOf(pid);
  return start === undefined || now === undefined || start === now;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
