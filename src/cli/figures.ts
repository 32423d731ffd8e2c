import { join } from 'node:path';
import { Option } from 'commander';
import { writePicture } from '../plots/picture-file.ts';
import { makeFolder, replaceFile } from '../runs/disk.ts';
import { requireTaskRuns } from '../runs/task-runs.ts';
import { tablesOf } from '../tables/published/index.ts';
import { command, runCommand } from './main.ts';

interface Options {
  readonly task?: string;
  readonly out: string;
  readonly type: 'svg' | 'png';
}

await runCommand(async () => {
  const program = command(
    'figures',
    'Draws what runs of sequence tasks show: learning curves, modules over time with the sequence below, accuracy ' +
      'against resolution, rollout errors, and true beside rolled-out balls.',
  )
    .argument('[folders...]', 'run folders, or folders with run folders in them (default: runs)')
    .option('--task <name>', 'figures of this task alone')
    .option('--out <dir>', 'folder for the figures', join('runs', 'figures'))
    .addOption(new Option('--type <type>', 'of pictures that do not move').choices(['svg', 'png']).default('svg'))
    .parse();
  const { task, out, type } = program.opts<Options>();
  const names = new Set(tablesOf(task).map((table) => table.task));
  const runs = requireTaskRuns(program.args.length > 0 ? program.args : ['runs']);

  const { taskFigures } = await import('../plots/task-figures.ts');
  const kinds = [...names].flatMap((name) => taskFigures(name, runs));
  if (kinds.some(({ figures }) => figures.length > 0)) makeFolder(out);
  for (const { name, draw } of kinds.flatMap(({ figures }) => figures)) {
    const drawn = await draw();
    const path = join(out, `${name}.${typeof drawn === 'string' ? type : 'gif'}`);
    if (typeof drawn === 'string') await writePicture(path, drawn);
    else replaceFile(path, [drawn]);
    process.stdout.write(`wrote ${path}\n`);
  }
  for (const { task: of, shows, figures, needs } of kinds)
    if (figures.length === 0)
      process.stdout.write(`no ${shows} of ${of}: there is no ${needs} (npm run task -- ${of})\n`);
});
