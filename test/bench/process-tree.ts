import { readdirSync, readFileSync } from 'node:fs';

/**
 * Resident memory in bytes of a process and all that it started, from Linux' /proc.
 * @returns undefined on other systems and once the process is gone
 */
export function residentBytes(pid: number): number | undefined {
  const own = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  if (own === undefined) return undefined;
  return children(pid).reduce((sum, child) => sum + (residentBytes(child) ?? 0), Number(own) * 1024);
}

function children(pid: number): number[] {
  const threads = list(`/proc/${pid}/task`);
  return threads.flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
}

/** A process may end between any two reads: what is not there is empty. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
