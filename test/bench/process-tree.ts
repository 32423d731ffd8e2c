import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all that it started take. */
export interface Usage {
  readonly residentBytes: number;
  /** Of all threads, since each began. */
  readonly cpuSeconds: number;
}

const ticksPerSecond = 100; // Linux' USER_HZ

/**
 * @returns what the process and all that it started take, from Linux' /proc; undefined on
 * other systems and once the process is gone
 */
export function usage(pid: number): Usage | undefined {
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  if (resident === undefined) return undefined;
  // After the name in brackets, which may hold anything: field 3 on. 14 to 17 are the ticks
  // of the process and of its ended children.
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return children(pid)
    .flatMap((child) => usage(child) ?? [])
    .reduce(
      (sum, child) => ({
        residentBytes: sum.residentBytes + child.residentBytes,
        cpuSeconds: sum.cpuSeconds + child.cpuSeconds,
      }),
      { residentBytes: Number(resident) * 1024, cpuSeconds: ticks / ticksPerSecond },
    );
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
