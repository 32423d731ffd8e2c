import type { EvaluatedSet, TaskResult } from '../runs/task-lines.ts';

/** Settings by their names in a task's table; `data` is the name of the data, where runs are matched. */
export type Settings = Readonly<Record<string, unknown>>;

/** A table of a paper, with what of ours stands in it. */
export interface PaperTable {
  readonly name: string;
  /** The task that is trained for it, by its name in `npm run task`. */
  readonly task: string;
  readonly title: string;
  /** What the figures are, such as "cross-entropy in nats". */
  readonly figures: string;
  readonly columns: readonly Column[];
  /** Ways by which our networks are chosen, a line each. */
  readonly selections: readonly TableSelection[];
  /** Settings of the runs of every row, beside the row's own. */
  readonly settings?: Settings;
  /** What a command that fills a row must say beside: on what to test, where the data lies. */
  readonly asks?: Settings;
  readonly rows: readonly PaperRow[];
  /** What must be known to compare, and what the table cannot show. */
  readonly notes: readonly string[];
}

export interface Column {
  readonly name: string;
  /** Where in a run's result the figure is: a set and a metric, and of a list the step, from 0. */
  readonly set: string;
  readonly metric: string;
  readonly step?: number;
  /** Ours are multiplied by this: 100 for shares that the paper gives in percent. */
  readonly scale?: number;
  /** After the point; as many as are worth reading if not given. */
  readonly digits?: number;
}

export interface TableSelection {
  /** Nothing for the usual one. */
  readonly label: string;
  /** Its name in a run's result: one for all columns, or one for each; undefined where it chooses nothing. */
  readonly name: string | readonly (string | undefined)[];
}

export interface PaperRow {
  readonly name: string;
  /** What makes a run belong to the row. None for a network that the paper has and this package does not. */
  readonly settings?: Settings;
  readonly published?: Published;
}

/** What a paper gives for a row. */
export interface Published {
  /** A figure for each column, words where it gives no figure, null where nothing. */
  readonly cells: readonly (number | string | null)[];
  readonly source: string;
  /** After the point, as published. */
  readonly digits: number;
  /** From memory, not yet checked against the paper. */
  readonly unverified?: true;
}

/** A column's figure in a run's result; null where it was not finite, undefined where the run has none. */
export function figureOf(
  { set, metric, step, scale = 1 }: Column,
  selection: TaskResult['selections'][string] | undefined,
): number | null | undefined {
  if (!selection) return undefined;
  const value = stepOf(selection.tests[set], metric, step);
  return typeof value === 'number' ? scale * value : value;
}

function stepOf(evaluated: EvaluatedSet | undefined, metric: string, step: number | undefined) {
  const found = evaluated?.metrics[metric];
  if (Array.isArray(found)) return step === undefined ? undefined : found[step];
  return step === undefined ? found : undefined;
}
