import { Option } from 'commander';
import { UserError } from '../errors.ts';
import type { Reference } from '../plots/curve-picture.ts';
import { bestMean } from '../plots/learning-curve.ts';
import { memoryCurve, memoryGrowth } from '../plots/memory-growth.ts';
import { shareCurve } from '../plots/module-shares.ts';
import { checkPictureType, writePicture } from '../plots/picture-file.ts';
import { readRuns, type RunData } from '../plots/run-data.ts';
import { memoryTable, scoreTable } from '../plots/run-tables.ts';
import { terminalTable } from '../plots/text-table.ts';
import { command, runCommand } from './main.ts';

interface Options {
  readonly out?: string;
  readonly what: 'scores' | 'memory';
  readonly reference: readonly Reference[];
  readonly json?: boolean;
}

/** One kind of curve: what it asks of a run, and what is made of it. */
interface Kind {
  readonly check: (run: RunData) => void;
  /** As SVG. The drawing library takes a second to load: only who asks for a picture waits. */
  readonly picture: (runs: readonly RunData[], references: readonly Reference[]) => Promise<string>;
  readonly title: string;
  readonly table: (runs: readonly RunData[]) => string[][];
  readonly json: (run: RunData) => object;
}

const kinds: Readonly<Record<Options['what'], Kind>> = {
  scores: {
    check: ({ path, episodes }) => {
      if (episodes.length === 0)
        throw new UserError(`${path} has no finished game yet, so there is no curve; wait, or take another run`);
    },
    picture: async (runs, references) => (await import('../plots/curve-picture.ts')).curvePicture(runs, references),
    title: 'mean score of the last 100 games',
    table: scoreTable,
    json: ({ curve, episodes }) => ({
      games: episodes.length,
      final: curve.at(-1)?.meanScore,
      best: bestMean(curve),
      curve,
      shares: shareCurve(episodes),
    }),
  },
  memory: {
    check: ({ path, metrics }) => {
      if (metrics.length === 0)
        throw new UserError(`${path} has no update yet, so there is no curve; wait, or take another run`);
    },
    picture: async (runs) => (await import('../plots/memory-picture.ts')).memoryPicture(runs),
    title: 'resident memory: medians over tenths of the updates after the first minute',
    table: memoryTable,
    json: ({ metrics, resumes }) => ({ growth: memoryGrowth(metrics, resumes), curve: memoryCurve(metrics) }),
  },
};

await runCommand(async () => {
  const program = command(
    'curve',
    "Draws runs' learning curves: the mean score of the last 100 games against agent steps. Runs are named by game, " +
      'core, seed and every other setting in which they differ.',
  )
    .argument('<runs...>', 'run folders')
    .option('--out <file>', 'picture to write, .svg or .png; without it only the table is printed')
    .addOption(
      new Option('--what <curve>', "scores, with the modules' shares below; or the process's resident memory")
        .choices(Object.keys(kinds))
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
  const kind = kinds[what];
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
      : `${kind.title}\n${terminalTable(kind.table(runs))}\n`,
  );
});

/** "random policy=1.5" */
function reference(text: string, before: readonly Reference[]): Reference[] {
  const [, name, value] = /^(.+)=\s*(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (name === undefined)
    throw new UserError(`--reference ${text} is no name with a score; write it as --reference "random policy=1.5"`);
  return [...before, { name: name.trim(), score: Number(value) }];
}
