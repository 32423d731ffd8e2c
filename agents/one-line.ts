import { z } from 'zod';

/** The first thing that a schema found wrong, on one line, with what a file says in it cut short. */
export function firstIssue({ issues: [issue] }: z.ZodError): string {
  const { path = [], message = 'of another form' } = issue ?? {};
  return shown(path.length > 0 ? `${path.join('.')}: ${message}` : message, 160);
}

/** All that a schema found wrong, on one line. */
export function allIssues(error: z.ZodError): string {
  return z
    .prettifyError(error)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('✖ ', '');
}

/** A name or value out of a file, as an error shows it: on one line, and short. */
export function shown(text: string, length = 40): string {
  const line = text.replaceAll(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
