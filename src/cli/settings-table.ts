import type { z } from 'zod';
import { compareOptions } from '../compare/options.ts';
import { evaluationSettings } from '../evaluate/settings.ts';
import { ppoOptions } from '../ppo/config.ts';
import { tasks } from '../tasks/index.ts';
import { describeFlags } from './flags.ts';

/** All settings of a PPO run, as the table in the code has them. */
export function ppoSettings(): string {
  return markdown(rowsOf(ppoOptions));
}

/** Flags of a comparison, beside PPO's settings. */
export function compareSettings(): string {
  return markdown(rowsOf(compareOptions));
}

/** All settings of an evaluation. */
export function evaluateSettings(): string {
  return markdown(rowsOf(evaluationSettings));
}

/** Settings of the sequence tasks: first those that all have alike, then each task's. */
export function taskSettings(): string {
  const all = tasks.map(({ name, settings }) => ({ name, rows: rowsOf(settings) }));
  const shared = (all[0]?.rows ?? []).filter((row) => all.every(({ rows }) => rows.includes(row)));
  const own = all.map(({ name, rows }) => ({ name, rows: rows.filter((row) => !shared.includes(row)) }));
  return [{ name: 'All tasks', rows: shared }, ...own]
    .map(({ name, rows }) => `## ${name}\n\n${markdown(rows)}`)
    .join('\n\n');
}

function rowsOf(table: z.ZodObject): string[] {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  return describeFlags(table).map((cells) => `| ${cells.map(cell).join(' | ')} |`);
}

function markdown(rows: readonly string[]): string {
  return ['| flag | default | range | what it does | source |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
