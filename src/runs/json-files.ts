import type { z } from 'zod';
import { allIssues } from '../../agents/one-line.ts';
import { UserError } from '../errors.ts';
import { readFile } from './disk.ts';

/** A file of JSON. @throws UserError if it cannot be read or has another form */
export function readJson<T>(file: string, schema: z.ZodType<T>): T {
  const content = parsedJson(file);
  if (content === undefined) throw new UserError(`${file} is damaged (not JSON); put back a good copy`);
  const found = schema.safeParse(content);
  if (!found.success) throw new UserError(`${file} is damaged (${allIssues(found.error)}); put back a good copy`);
  return found.data;
}

/** What a file holds, not validated; undefined where it is not JSON. Throws UserError if it cannot be read. */
export function parsedJson(file: string): unknown {
  return parsed(readFile(file).toString());
}

/**
 * The lines of a file of JSON lines. A last line without its end is left out: the run may be writing it now, or have
 * been killed while it did.
 * @throws UserError naming the line that is damaged
 */
export function readLines<T>(file: string, schema: z.ZodType<T>): T[] {
  const lines = readFile(file).toString().split('\n').slice(0, -1);
  return lines.map((line, i) => {
    const found = schema.safeParse(parsed(line));
    if (!found.success)
      throw new UserError(`${file}, line ${i + 1} is damaged (${allIssues(found.error)}); mend or remove the line`);
    return found.data;
  });
}

/** What a text holds, not validated; undefined where it is not JSON. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
