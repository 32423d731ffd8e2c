import { dirname, join, relative, sep } from 'node:path';
import { writePicture } from '../plots/picture-file.ts';
import { readRuns, type RunData } from '../report/run-data.ts';
import { type ReportPictures, runReport } from '../report/run-report.ts';
import { makeFolder, replaceFile } from '../runs/disk.ts';
import { quoted } from '../text/words.ts';
import { command, runCommand } from './main.ts';

interface Options {
  readonly out?: string;
  readonly pictures?: string;
}

await runCommand(async () => {
  const program = command(
    'report',
    "Says in Markdown, from runs' files alone, how they came about and what they show; several runs side by side.",
  )
    .argument('<runs...>', 'run folders')
    .option('--out <file>', 'file to write; without it the report is printed')
    .option('--pictures <dir>', 'draw scores.svg and memory.svg into this folder, and show them in the report')
    .parse();
  const { out, pictures } = program.opts<Options>();
  const flags = Object.entries({ out, pictures }).flatMap(([name, path]) =>
    path ? [`--${name} ${quoted(path)}`] : [],
  );
  const typed = ['npm run report -- RUNS', ...flags].join(' ');
  const runs = readRuns(program.args);
  const drawn = pictures === undefined ? undefined : await draw(runs, pictures, dirname(out ?? ''));
  const text = `# Results\n\nWritten from the runs' files by \`${typed}\`.\n\n${runReport(runs, drawn)}\n`;
  if (out === undefined) return void process.stdout.write(text);
  makeFolder(dirname(out));
  replaceFile(out, [text]);
  process.stdout.write(`wrote ${out}\n`);
});

/** @returns the pictures' paths as the report, in the folder `reportFolder`, must name them */
async function draw(runs: readonly RunData[], folder: string, reportFolder: string): Promise<ReportPictures> {
  const { curvePicture } = await import('../plots/curve-picture.ts');
  const { memoryPicture } = await import('../plots/memory-picture.ts');
  const write = async (name: string, svg: string): Promise<string> => {
    const path = join(folder, name);
    await writePicture(path, svg);
    return encodeURI(relative(reportFolder, path).split(sep).join('/'));
  };
  return {
    scores: await write('scores.svg', curvePicture(runs, [])),
    memory: await write('memory.svg', memoryPicture(runs)),
  };
}
