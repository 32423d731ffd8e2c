import { existsSync } from 'node:fs';
import { suggestion } from '../../envs/nearest-names.ts';
import { UserError } from '../errors.ts';
import { readTaskRuns, type TaskRunData } from '../runs/task-runs.ts';
import { type FilledTable, filledTable, settingsOfRow } from '../tables/filled-table.ts';
import { outsideRuns, unfinishedRuns } from '../tables/left-over.ts';
import { paperTables } from '../tables/published/index.ts';
import { markdownForm, plainForm, tablesText } from '../tables/table-words.ts';
import { command, runCommand } from './main.ts';

interface Options {
  readonly task?: string;
  readonly markdown?: boolean;
  readonly json?: boolean;
}

await runCommand(async () => {
  const program = command(
    'tables',
    "Prints the papers' tables: our mean and sample standard deviation over seeds beside the published figures, and " +
      'for what has no run the command that trains it.',
  )
    .argument('[folders...]', 'run folders, or folders with run folders in them (default: runs)')
    .option('--task <name>', 'tables of this task alone')
    .option('--markdown', 'as Markdown')
    .option('--json', 'as JSON')
    .parse();
  const { task, markdown, json } = program.opts<Options>();
  if (markdown && json) throw new UserError('--markdown and --json are two forms: give one of them');
  const wanted = paperTables.filter((table) => task === undefined || table.task === task);
  if (wanted.length === 0) throw new UserError(unknownTask(task ?? ''));
  const runs = readRuns(program.args).filter(({ config }) => task === undefined || config.task === task);
  const finished = runs.filter(({ result }) => result !== undefined);
  const tables = wanted.map((table) => filledTable(table, finished));
  const content = { tables, unfinished: unfinishedRuns(runs), outside: outsideRuns(runs, tables) };
  if (json) process.stdout.write(`${JSON.stringify({ ...content, tables: tables.map(tableJson) }, null, 2)}\n`);
  else process.stdout.write(`${tablesText(markdown ? markdownForm : plainForm, content)}\n`);
});

/** Without a run the tables say what was published and how to fill them; a folder that is named must hold some. */
function readRuns(folders: readonly string[]): TaskRunData[] {
  if (folders.length === 0) return existsSync('runs') ? readTaskRuns(['runs']) : [];
  const runs = readTaskRuns(folders);
  if (runs.length === 0)
    throw new UserError(
      `no run of a sequence task in ${folders.join(', ')}; train one: npm run task -- copying (npm run task -- list)`,
    );
  return runs;
}

function unknownTask(name: string): string {
  const names = [...new Set(paperTables.map((table) => table.task))];
  return `no table of a task ${JSON.stringify(name)}; ${suggestion(name, names, `there are ${names.join(', ')}`)}`;
}

function tableJson({ table, rows }: FilledTable): object {
  const { name, task, title, figures, columns, notes } = table;
  return {
    ...{ name, task, title, figures, notes, columns: columns.map((column) => column.name) },
    rows: rows.map(({ row, own, command: fill }) => ({
      model: row.name,
      // A pattern that a text must match is written as it is.
      settings: Object.fromEntries(
        Object.entries(settingsOfRow(table, row) ?? {}).map(([key, value]) => [
          key,
          value instanceof RegExp ? String(value) : value,
        ]),
      ),
      ours: own,
      published: row.published ?? null,
      command: fill ?? null,
    })),
  };
}
