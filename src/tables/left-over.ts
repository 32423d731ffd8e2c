import type { EvaluatedSet } from '../runs/task-lines.ts';
import type { TaskRunData } from '../runs/task-runs.ts';
import { settingWords } from '../settings/words.ts';
import { armName, seedOf, settingOf } from './arms.ts';
import { type FilledTable, misfits, settingsOfRow } from './filled-table.ts';

/** A run that has no result yet: how far it is, and what it reached when it was evaluated last. */
export interface UnfinishedRun {
  readonly run: string;
  readonly task: string;
  readonly arm: string;
  readonly seed: number;
  readonly update: number;
  readonly epoch: number | null;
  /** At most; null where the other is given. */
  readonly updates: number | null;
  readonly epochs: number | null;
  readonly sets: Readonly<Record<string, EvaluatedSet['metrics']>>;
}

/** A finished run that stands in no table, and why. */
export interface OutsideRun {
  readonly run: string;
  readonly task: string;
  readonly arm: string;
  readonly seed: number;
  readonly reason: string;
}

export function unfinishedRuns(runs: readonly TaskRunData[]): UnfinishedRun[] {
  return runs
    .filter(({ result }) => !result)
    .map((run) => {
      const { config, evaluations } = run;
      const last = evaluations.at(-1);
      const limit = (key: string): number | null =>
        typeof config.options[key] === 'number' ? config.options[key] : null;
      const updates = limit('updates');
      return {
        ...about(run),
        ...{ update: last?.update ?? 0, epoch: last?.epoch ?? null },
        ...{ updates, epochs: updates === null ? limit('epochs') : null },
        sets: Object.fromEntries(Object.entries(last?.sets ?? {}).map(([set, { metrics }]) => [set, metrics])),
      };
    });
}

/** @param tables filled with the same runs */
export function outsideRuns(runs: readonly TaskRunData[], tables: readonly FilledTable[]): OutsideRun[] {
  const inside = new Set(tables.flatMap(({ rows }) => rows.flatMap(({ own }) => own.flatMap((line) => line.runs))));
  return runs
    .filter(({ path, result }) => result && !inside.has(path))
    .map((run) => ({ ...about(run), reason: reason(run, tables) }));
}

function about(run: TaskRunData) {
  const { path, config } = run;
  return { run: path, task: config.task, arm: armName(config), seed: seedOf(run) };
}

/** By what it differs from the row that is nearest to it. */
function reason({ config }: TaskRunData, tables: readonly FilledTable[]): string {
  const candidates = tables
    .filter(({ table }) => table.task === config.task)
    .flatMap(({ table }) =>
      table.rows.flatMap((row) => {
        const wanted = settingsOfRow(table, row);
        return wanted ? [{ table, row, wanted, differing: misfits(config, wanted) }] : [];
      }),
    )
    // Another core is another row, however little else differs.
    .sort((a, b) => distance(a.differing) - distance(b.differing));
  const [nearest] = candidates;
  if (!nearest) return `no table is of ${config.task}`;
  const { table, row, wanted, differing } = nearest;
  const place = `"${row.name}" of "${table.title}"`;
  if (differing.length === 0)
    return `fits ${place}, but a newer run has its seed, or it was not tested on what the table asks for`;
  const own = settingWords(Object.fromEntries(differing.map((key) => [key, settingOf(config, key)])));
  const asked = settingWords(Object.fromEntries(differing.map((key) => [key, wanted[key]])));
  return `differs from ${place}: ${own.map((words, i) => `${words} (there ${asked[i]})`).join(', ')}`;
}

function distance(differing: readonly string[]): number {
  return differing.length + (differing.includes('core') ? 100 : 0);
}
