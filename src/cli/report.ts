import { runReport } from '../plots/run-report.ts';
import { replaceFile } from '../runs/disk.ts';
import { command, runCommand } from './main.ts';

await runCommand(async () => {
  const program = command('report', "Says in Markdown, from runs' files alone, how they came about and what they show.")
    .argument('<runs...>', 'run folders')
    .option('--out <file>', 'file to write; without it the report is printed')
    .parse();
  const { out } = program.opts<{ out?: string }>();
  const flag = out === undefined ? '' : ` --out ${out}`;
  const heading = `# Results\n\nWritten from the runs' files by \`npm run report -- RUNS${flag}\`.\n`;
  const text = `${[heading, ...program.args.map(runReport)].join('\n')}\n`;
  if (out === undefined) process.stdout.write(text);
  else replaceFile(out, [text]);
});
