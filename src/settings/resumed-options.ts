import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { flagName } from './flag-name.ts';

/**
 * The options with which a run goes on: its own, but for those that may change.
 * @param saved the run's folder and config.json
 * @param table of all options
 * @param free options that may change when a run is resumed
 * @param given what the user says this time; it must agree with the run's options, free ones apart
 * @param usual turns what the user says into how options hold it, such as another spelling of a name
 * @throws UserError naming the option that does not agree, and the mend
 */
export function resumedOptions<T extends z.ZodObject>(
  saved: { readonly path: string; readonly config: { readonly options: Record<string, unknown> } },
  table: T,
  free: ReadonlySet<string>,
  given: Record<string, unknown>,
  usual: (said: Record<string, unknown>) => Record<string, unknown> = (said) => said,
): z.infer<T> {
  const { path, config } = saved;
  const parsed = table.safeParse({
    ...config.options,
    ...Object.fromEntries(Object.entries(given).filter(([key]) => free.has(key))),
  });
  if (!parsed.success)
    throw new UserError(`${path}/config.json: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  const before: Record<string, unknown> = parsed.data;
  const schemas = table.shape as Record<string, z.ZodType>;
  const said = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, schemas[key]?.parse(value)]));
  for (const [key, value] of Object.entries(usual(said))) {
    if (!free.has(key) && !isDeepStrictEqual(value, before[key])) {
      const had = JSON.stringify(before[key])?.replaceAll('"', '');
      throw new UserError(
        `${path} was trained ${had === undefined ? `without ${key}` : `with ${key} ${had}`}, not ${String(value)}: ` +
          `leave ${flagName(value === false ? `no-${key}` : key)} out, or start a new run`,
      );
    }
  }
  return parsed.data;
}
