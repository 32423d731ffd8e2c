import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { allIssues } from '../../agents/one-line.ts';
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
  if (!parsed.success) throw new UserError(`${path}/config.json: ${allIssues(parsed.error)}`);
  const before: Record<string, unknown> = parsed.data;
  const schemas = table.shape as Record<string, z.ZodType>;
  const said = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, schemas[key]?.parse(value)]));
  const other = otherSetting(before, usual(said), free);
  if (other) {
    const flag = flagName(other.now === false ? `no-${other.key}` : other.key);
    throw new UserError(`${path} was trained ${other.words}: leave ${flag} out, or start a new run`);
  }
  return parsed.data;
}

/** A setting that is another than a run was trained with. */
interface OtherSetting {
  readonly key: string;
  readonly had: unknown;
  readonly now: unknown;
  /** Such as "with hidden 512, not 64" or "without mode, not 1". */
  readonly words: string;
}

/**
 * The first setting of `now` in which it differs from what a run was trained with; undefined where there is none.
 * @param free settings that may differ
 */
export function otherSetting(
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
  free: ReadonlySet<string>,
): OtherSetting | undefined {
  const key = Object.keys(now).find((name) => !free.has(name) && !isDeepStrictEqual(now[name], before[name]));
  if (key === undefined) return undefined;
  const [had, wanted] = [before[key], now[key]];
  const text = (value: unknown): string | undefined => JSON.stringify(value)?.replaceAll('"', '');
  const trained = had === undefined ? `without ${key}` : `with ${key} ${text(had)}`;
  return { key, had, now: wanted, words: `${trained}, not ${text(wanted) ?? 'without'}` };
}
