import { Option } from 'commander';
import { UserError } from '../errors.ts';
import { curveKinds } from '../plots/curve-kinds.ts';
import type { Reference } from '../plots/curve-picture.ts';
import { checkPictureType, writePicture } from '../plots/picture-file.ts';
import { readRuns } from '../report/run-data.ts';
import { terminalTable } from '../report/run-tables.ts';
import { command, runCommand } from './main.ts';

interface Options {
  readonly out?: string;
  readonly what: keyof typeof curveKinds;
  readonly reference: readonly Reference[];
  readonly json?: boolean;
}

await runCommand(async () => {
  const program = command(
    'curve',
    "Draws runs' curves against agent steps: the mean score of the last 100 games, or with --what memory the " +
      'resident memory. Runs are named by game, core, seed and every other setting in which they differ.',
  )
    .argument('<runs...>', 'run folders')
    .option('--out <file>', 'picture to write, .svg or .png; without it only the table is printed')
    .addOption(
      new Option('--what <curve>', "scores, with the modules' shares below; or the process's resident memory")
        .choices(Object.keys(curveKinds))
        .default('scores'),
    )
    .option(
      '--reference <name=score>',
      'a horizontal line among the scores, such as "random policy=1.5"; may be given several times',
      reference,
      [],
    )
    .option('--json', 'print the numbers as JSON instead of a table')
    .parse();
  const { out, what, reference: references, json } = program.opts<Options>();
  if (out !== undefined) checkPictureType(out);
  if (what === 'memory' && references.length > 0)
    throw new UserError('--reference is a score, and --what memory shows none: leave out one of them');
  const kind = curveKinds[what];
  const runs = readRuns(program.args);
  runs.forEach(kind.check);
  if (out !== undefined) await writePicture(out, await kind.picture(runs, references));
  const described = runs.map((run) => {
    const { path, name, agentSteps } = run;
    return { path, name, agentSteps, ...kind.json(run) };
  });
  process.stdout.write(
    json
      ? `${JSON.stringify({ runs: described, references }, null, 2)}\n`
      : `${kind.title}\n${terminalTable(kind.table(runs))}\n${out === undefined ? '' : `\nwrote ${out}\n`}`,
  );
});

/** "random policy=1.5" */
function reference(text: string, before: readonly Reference[]): Reference[] {
  const [, name, value] = /^(.+)=\s*(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (name === undefined)
    throw new UserError(`--reference ${text} is no name with a score; write it as --reference "random policy=1.5"`);
  return [...before, { name: name.trim(), score: Number(value) }];
}
