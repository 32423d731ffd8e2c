import { existsSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { readTaskRuns, requireTaskRuns } from '../runs/task-runs.ts';
import { filledTable } from '../tables/filled-table.ts';
import { outsideRuns, unfinishedRuns } from '../tables/left-over.ts';
import { tablesOf } from '../tables/published/index.ts';
import { tableJson } from '../tables/table-json.ts';
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
  const wanted = tablesOf(task);
  // Without any run the tables say what was published and how to fill them; a folder that is named must hold some.
  const usual = existsSync('runs') ? ['runs'] : [];
  const all = program.args.length > 0 ? requireTaskRuns(program.args) : readTaskRuns(usual);
  const runs = all.filter(({ config }) => task === undefined || config.task === task);
  const finished = runs.filter(({ result }) => result !== undefined);
  const tables = wanted.map((table) => filledTable(table, finished));
  const content = { tables, unfinished: unfinishedRuns(runs), outside: outsideRuns(runs, tables) };
  if (json) process.stdout.write(`${JSON.stringify({ ...content, tables: tables.map(tableJson) }, null, 2)}\n`);
  else process.stdout.write(`${tablesText(markdown ? markdownForm : plainForm, content)}\n`);
});
