import { totalmem } from 'node:os';

/** Bytes that this process may use: the machine's, or its container's where that has fewer. */
export function memoryBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}

/** "1.5 GiB" */
export function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
