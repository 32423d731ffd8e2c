/** A name as a part of a path: every character that a file system or a shell may take amiss becomes `_`. */
export function asFileName(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '_');
}

/** `20260131-235959`, UTC. */
export function timeStamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}
