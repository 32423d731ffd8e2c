import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { UserError } from '../errors.ts';
import { onDisk } from '../runs/disk.ts';

/**
 * Reads a file of references.
 * @param format such as "ale.json", for the error
 * @throws UserError if it cannot be read, is not JSON, or has another format; names the first entry that is wrong
 */
export function readReferenceFile<T extends z.ZodType>(path: string, schema: T, format: string): z.infer<T> {
  const text = onDisk(`read ${path}`, () => readFileSync(path, 'utf8'));
  const result = schema.safeParse(parseJson(path, text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = entryName(issue?.path ?? []);
  throw new UserError(`${path} does not have the format of ${format}: ${where}${issue?.message ?? 'unknown reason'}`);
}

function parseJson(path: string, text: string): unknown {
  if (text.trim() === '') throw new UserError(`${path} is empty; give a file of references`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new UserError(`${path} is not JSON (${reason}); give a file of references`, { cause: error });
  }
}

/** As it would stand in a program: `raw[3].marks[0]: `. */
function entryName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '';
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return `${name.replace(/^\./, '')}: `;
}
