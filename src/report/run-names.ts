import { isDeepStrictEqual } from 'node:util';
import type { RunConfig } from '../runs/index.ts';
import { coreUses } from '../settings/core-settings.ts';
import { nameInWords } from '../settings/words.ts';
import { grouped } from '../text/words.ts';

interface NamedRun {
  readonly path: string;
  readonly config: RunConfig;
}

const separator = ', ';

/**
 * A name for each run: game, core, seed, and every other setting that its core uses and in which the runs differ, such
 * as "Breakout, rim, seed 1, bf16". Runs that would still have the same name get their folder's added.
 */
export function runNames(runs: readonly NamedRun[]): string[] {
  const all = runs.map(({ config }) => settings(config));
  const keys = [...new Set(all.flatMap((options) => Object.keys(options)))].filter(
    (key) => !['game', 'core', 'seed'].includes(key),
  );
  const uses = (options: Record<string, unknown>, key: string): boolean => coreUses(String(options['core']), key);
  const differing = keys.filter((key) => {
    const [first, ...others] = all.filter((options) => uses(options, key));
    return others.some((options) => !isDeepStrictEqual(options[key], first?.[key]));
  });
  const names = all.map((options) =>
    [
      ...[String(options['game']), String(options['core']), `seed ${String(options['seed'])}`],
      ...differing
        .filter((key) => options[key] !== undefined && uses(options, key))
        .map((key) => words(key, options[key])),
    ].join(separator),
  );
  return names.map((name, i) => {
    const alone = names.filter((other) => other === name).length === 1;
    return alone ? name : `${name} (${runs[i]?.path ?? ''})`;
  });
}

/** Names without the parts that all of them have: for where the whole name stands close by. */
export function briefNames(names: readonly string[]): string[] {
  const parts = names.map(nameParts);
  return parts.map((own) => own.filter((part) => !parts.every((others) => others.includes(part))).join(separator));
}

/** What a name is made of, for a heading of several lines. */
export function nameParts(name: string): string[] {
  return name.split(separator);
}

/** The kernels that ran, not those that were asked for: "auto" may be either. */
function settings({ options, versions }: RunConfig): Record<string, unknown> {
  const [ran] = /^\w+/.exec(versions['kernels'] ?? '') ?? [];
  return ran === undefined ? options : { ...options, kernels: ran };
}

function words(key: string, value: unknown): string {
  const said = typeof value === 'number' && value >= 1000 ? grouped(value) : String(value);
  if (key === 'precision') return said;
  if (key === 'kernels' || key === 'steps') return `${said} ${key}`;
  return `${nameInWords(key)} ${said}`;
}
