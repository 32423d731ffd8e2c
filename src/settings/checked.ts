import type { z } from 'zod';
import { UserError } from '../errors.ts';
import { allowed, innerSchema } from './allowed.ts';
import { flagName } from './flag-name.ts';

/**
 * Fills in the defaults of a table and checks every value.
 * @throws UserError naming the flag, the value, and what is allowed
 */
export function checked<T extends z.ZodObject>(table: T, given: Record<string, unknown>): z.infer<T> {
  const result = table.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const key = String(issue?.path[0] ?? '');
  const value = typeof given[key] === 'string' ? `"${given[key]}"` : String(given[key]);
  throw new UserError(`${flagName(key)} ${value}: must be ${allowed(innerSchema(table.shape[key] as z.ZodType))}`);
}
