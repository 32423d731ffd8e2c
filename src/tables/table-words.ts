import { markdownTable } from '../text/markdown-table.ts';
import { alignedRows } from '../text/columns.ts';
import { figure, meanAndDeviation } from '../view/task-view.ts';
import { grouped } from '../text/words.ts';
import { settingWords } from '../settings/words.ts';
import type { Cell, FilledRow, FilledTable, OwnLine } from './filled-table.ts';
import type { OutsideRun, UnfinishedRun } from './left-over.ts';
import type { Column, Published } from './paper-table.ts';

const nothing = '–';

/** How a table, a list and a heading look in some form of text. */
interface Form {
  readonly heading: (text: string) => string;
  readonly table: (rows: readonly (readonly string[])[]) => string;
  readonly command: (text: string) => string;
}

/** For a terminal. */
export const plainForm: Form = {
  heading: (text) => text,
  table: (rows) => alignedRows(rows, (column) => column >= 2 && column < (rows[0]?.length ?? 0) - 1).join('\n'),
  command: (text) => text,
};

export const markdownForm: Form = {
  heading: (text) => `### ${text}`,
  table: (rows) => markdownTable(rows, [0, 1, (rows[0]?.length ?? 0) - 1]),
  command: (text) => `\`${text}\``,
};

/** All tables, then the runs that stand in none of them. */
export function tablesText(form: Form, { tables, unfinished, outside }: TablesContent): string {
  return [
    ...tables.map((table) => tableText(form, table)),
    ...list(
      form,
      'Not finished (still going, or stopped: npm run task -- TASK --resume RUN goes on)',
      unfinished.map(unfinishedText),
    ),
    ...list(
      form,
      'In no table',
      outside.map(({ run, arm, seed, reason }) => `${run} (${arm}, seed ${seed}) ${reason}`),
    ),
  ].join('\n\n');
}

export interface TablesContent {
  readonly tables: readonly FilledTable[];
  readonly unfinished: readonly UnfinishedRun[];
  readonly outside: readonly OutsideRun[];
}

function list({ heading }: Form, name: string, items: readonly string[]): string[] {
  return items.length > 0 ? [heading(name), items.map((item) => `- ${item}`).join('\n')] : [];
}

function tableText(form: Form, { table, rows }: FilledTable): string {
  const { title, figures, columns, notes } = table;
  const heading = ['model', 'figures', ...columns.map(({ name }) => name), 'seeds', 'trained', 'parameters', 'from'];
  return [
    form.heading(`${title}: ${figures}`),
    form.table([heading, ...rows.flatMap((row) => rowLines(form, row, columns))]),
    [...notes, ...ownNotes(rows)].map((note) => `- ${note}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Lines of ours, then the published one. Whose they are stands in the first. */
function rowLines(form: Form, { row, own, command }: FilledRow, columns: readonly Column[]): string[][] {
  const { name, published } = row;
  const empty = columns.map(() => nothing);
  const filling = command === undefined ? '' : form.command(command);
  const lines = [
    ...own.map((line) => [
      ownLabel(line),
      ...line.cells.map((cell, i) => cellText(cell, columns[i])),
      ...[`${line.seeds.length}`, trained(line), grouped(line.parameters)],
      line.selection === '' && line.cells.includes(null) ? filling : '',
    ]),
    ...(own.length === 0 && filling !== '' ? [['ours', ...empty, '0', '', '', filling]] : []),
    ...(published ? [publishedLine(published)] : []),
  ];
  return lines.map((line, i) => [i === 0 ? name : '', ...line]);
}

function ownLabel({ selection, settings }: OwnLine): string {
  return ['ours', ...(selection ? [selection] : []), ...settingWords(settings)].join(', ');
}

function publishedLine({ cells, digits, source, unverified }: Published): string[] {
  const text = (cell: number | string | null): string =>
    typeof cell === 'number' ? cell.toFixed(digits) : (cell ?? nothing);
  return [unverified ? 'published, unverified' : 'published', ...cells.map(text), '', '', '', source];
}

/** "0.1234 ± 0.0021" */
function cellText(cell: Cell | null, column: Column | undefined): string {
  if (!cell) return nothing;
  const digits = column?.digits;
  const text = (value: number | null): string =>
    digits === undefined || value === null ? figure(value) : value.toFixed(digits);
  return meanAndDeviation(cell.mean, cell.deviation, text);
}

/** "10,000 updates", "3.0 to 4.5 epochs" */
function trained({ updates, epochs }: OwnLine): string {
  const passes = epochs.length > 0;
  const texts = (passes ? epochs : updates)
    .toSorted((a, b) => a - b)
    .map((value) => (passes ? value.toFixed(1) : grouped(value)));
  const ends = [...new Set([texts[0], texts.at(-1)])];
  return `${ends.join(' to ')} ${passes ? 'epochs' : 'updates'}`;
}

/** What the figures do not tell of our runs, and of what stands beside them. */
function ownNotes(rows: readonly FilledRow[]): string[] {
  const ended = new Map(
    rows.flatMap(({ own }) => own.flatMap(({ runs, ended }) => runs.map((run, i) => [run, ended[i]] as const))),
  );
  const early = [...ended.values()].filter((why) => why === 'patience').length;
  return [
    ...(ended.size > 0 ? [`Ours: mean ± sample standard deviation over seeds; "trained" is when training ended.`] : []),
    ...(early > 0
      ? [`${early} of ${ended.size} runs ended before their last update: the deciding figure was no better for long.`]
      : []),
    ...(rows.some(({ row }) => row.published?.unverified)
      ? ['Unverified: quoted from memory, not yet checked against the paper.']
      : []),
  ];
}

function unfinishedText({ run, arm, seed, update, epoch, updates, epochs, sets, task }: UnfinishedRun): string {
  const far =
    epochs === null
      ? `evaluated last at update ${grouped(update)} of at most ${updates === null ? '?' : grouped(updates)}`
      : `evaluated last at epoch ${(epoch ?? 0).toFixed(1)} of at most ${grouped(epochs)}`;
  const reached = Object.entries(sets).map(([set, metrics]) => {
    const numbers = Object.entries(metrics).filter(
      (entry): entry is [string, number | null] => !Array.isArray(entry[1]),
    );
    return `${set} ${numbers.map(([name, value]) => `${name} ${figure(value)}`).join(' ')}`;
  });
  return [`${run} (${task}, ${arm}, seed ${seed}): ${far}`, ...reached].join('; ');
}
