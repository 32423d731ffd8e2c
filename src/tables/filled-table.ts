import { isDeepStrictEqual } from 'node:util';
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { flagName } from '../settings/flag-name.ts';
import type { TaskRunConfig } from '../runs/config.ts';
import type { TaskRunData } from '../runs/task-runs.ts';
import { quoted } from '../text/words.ts';
import { armsBy, defaultsOf, seedOf, settingOf, unusual } from './arms.ts';
import {
  type Column,
  figureOf,
  type PaperRow,
  type PaperTable,
  type Settings,
  type TableSelection,
} from './paper-table.ts';

/** A figure of ours over seeds. */
export interface Cell {
  readonly mean: number;
  /** Sample standard deviation; null of one seed. */
  readonly deviation: number | null;
  /** Of each seed, in their order. */
  readonly values: readonly number[];
}

/** A line of ours: runs that differ in nothing but the seed, chosen in one way. */
export interface OwnLine {
  /** Way of selection; nothing for the usual one. */
  readonly selection: string;
  /** Settings that are not the task's defaults, beside those of the row. */
  readonly settings: Settings;
  readonly seeds: readonly number[];
  readonly runs: readonly string[];
  readonly parameters: number;
  /** Of each seed: updates made, passes over the data where there are data, seconds, and whether patience ended it. */
  readonly updates: readonly number[];
  readonly epochs: readonly number[];
  readonly seconds: readonly number[];
  readonly ended: readonly string[];
  /** For each column; null where the runs have no such figure. */
  readonly cells: readonly (Cell | null)[];
}

export interface FilledRow {
  readonly row: PaperRow;
  readonly own: readonly OwnLine[];
  /** What trains it; undefined of a network that this package does not have. */
  readonly command: string | undefined;
}

export interface FilledTable {
  readonly table: PaperTable;
  readonly rows: readonly FilledRow[];
}

/** Puts finished runs into a table. */
export function filledTable(table: PaperTable, runs: readonly TaskRunData[]): FilledTable {
  const rows = table.rows.map((row): FilledRow => {
    const wanted = settingsOfRow(table, row);
    if (!wanted) return { row, own: [], command: undefined };
    const mine = runs.filter(({ config }) => config.task === table.task && fits(config, wanted));
    const own = arms(table, mine, wanted).flatMap((arm) =>
      table.selections.flatMap((selection) => ownLine(table, selection, arm, wanted)),
    );
    return { row, own, command: commandFor(table, wanted) };
  });
  return { table, rows };
}

/** What a run must have to belong to a row; undefined of a row that no run can fill. */
export function settingsOfRow(table: PaperTable, row: PaperRow): Settings | undefined {
  return row.settings && { ...row.settings, ...table.settings };
}

/** The settings in which a run is not what a row wants. */
export function misfits(config: TaskRunConfig, wanted: Settings): string[] {
  return Object.keys(wanted).filter((key) => !isDeepStrictEqual(settingOf(config, key), wanted[key]));
}

function fits(config: TaskRunConfig, wanted: Settings): boolean {
  return misfits(config, wanted).length === 0;
}

/**
 * Runs put together that differ in the seed alone and were tested on the same; those without unusual settings first.
 */
function arms(table: PaperTable, runs: readonly TaskRunData[], wanted: Settings): (readonly TaskRunData[])[] {
  const all = armsBy(runs, (run) => {
    const settings = Object.entries(unusual(run.config, wanted)).sort(([a], [b]) => (a < b ? -1 : 1));
    const tested = table.selections.map((selection) =>
      table.columns.map((column, i) => cell(column, nameFor(selection, i), [run]) !== null),
    );
    return JSON.stringify([settings, run.config.parameters, tested]);
  });
  return [...all].sort(([a], [b]) => a.length - b.length).map(([, arm]) => arm);
}

/** None if no column has a figure by this way of selection. */
function ownLine(
  table: PaperTable,
  selection: TableSelection,
  arm: readonly TaskRunData[],
  wanted: Settings,
): OwnLine[] {
  const cells = table.columns.map((column, i) => cell(column, nameFor(selection, i), arm));
  const [first] = arm;
  if (!first || cells.every((one) => one === null)) return [];
  const results = arm.flatMap(({ result }) => result ?? []);
  return [
    {
      selection: selection.label,
      settings: unusual(first.config, wanted),
      seeds: arm.map(seedOf),
      runs: arm.map(({ path }) => path),
      parameters: first.config.parameters,
      updates: results.map(({ updates }) => updates),
      epochs: arm.flatMap(({ evaluations }) => evaluations.at(-1)?.epoch ?? []),
      seconds: results.map(({ seconds }) => seconds),
      ended: results.map(({ ended }) => ended),
      cells,
    },
  ];
}

function nameFor({ name }: TableSelection, column: number): string | undefined {
  return typeof name === 'string' ? name : name[column];
}

function cell(column: Column, selection: string | undefined, arm: readonly TaskRunData[]): Cell | null {
  if (selection === undefined) return null;
  const values = arm.map(({ result }) => figureOf(column, result?.selections[selection]));
  if (!values.every((value) => typeof value === 'number')) return null;
  return { mean: mean(values), deviation: values.length > 1 ? sampleStandardDeviation(values) : null, values };
}

/** What trains three seeds of a row. */
function commandFor(table: PaperTable, wanted: Settings): string {
  const defaults = defaultsOf(table.task);
  const { core, ...rest } = { ...wanted, ...table.asks };
  const flags = Object.entries(rest)
    .filter(([key, value]) => value !== undefined && !isDeepStrictEqual(value, defaults[key]))
    .map(([key, value]) => {
      if (typeof value === 'boolean') return flagName(value ? key : `no-${key}`);
      return `${flagName(key)} ${quoted(String(value))}`;
    });
  return ['npm run task --', table.task, `--core ${String(core)}`, ...flags, '--seeds 3'].join(' ');
}
