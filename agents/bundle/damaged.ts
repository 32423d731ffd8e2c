import type { z } from 'zod';
import { UserError } from '../user-error.ts';

/** Names of a bundle's two files. */
export const bundleFiles = { manifest: 'agent.json', weights: 'weights.safetensors' } as const;

/** @throws UserError, one line, that one of the files is damaged, and how */
export function damaged(file: keyof typeof bundleFiles, reason: string): never {
  throw new UserError(`${bundleFiles[file]} is damaged (${reason}); put back a good copy`);
}

/** The first thing that a schema found wrong, on one line, with what a file says in it cut short. */
export function firstIssue({ issues: [issue] }: z.ZodError): string {
  const { path = [], message = 'of another form' } = issue ?? {};
  return shown(path.length > 0 ? `${path.join('.')}: ${message}` : message, 160);
}

/** A name or value out of a file, as an error shows it: on one line, and short. */
export function shown(text: string, length = 40): string {
  const line = text.replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
