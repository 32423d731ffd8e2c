import { z } from 'zod';

/*
 * What tables of settings are made of: a schema each (type, range, default), and notes on what it does.
 */

/** Text for `--help` and the docs, and where the number comes from. */
export interface Notes<Group extends string = string> {
  readonly group: Group;
  /** What the setting does; of one that is true by default, what its flag, `--no-...`, does. */
  readonly text: string;
  readonly source?: string | undefined;
  /** What stands for the value in `--help`, where its type does not say. */
  readonly placeholder?: string;
}

export const setting = <T extends z.ZodType>(schema: T, notes: Notes): T => schema.meta({ ...notes });

export const count = (standard: number, maximum = 1_000_000_000): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(1).max(maximum).default(standard);

export const fraction = (standard: number, maximum = 1): z.ZodDefault<z.ZodNumber> =>
  z.number().min(0).max(maximum).default(standard);

export const positive = (standard: number): z.ZodDefault<z.ZodNumber> => z.number().positive().default(standard);
