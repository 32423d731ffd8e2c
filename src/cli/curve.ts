import { UserError } from '../errors.ts';
import type { DrawnRun, Reference } from '../plots/curve-picture.ts';
import { type CurvePoint, learningCurve, shareCurve, valueAt } from '../plots/learning-curve.ts';
import { checkPictureType, writePicture } from '../plots/picture-file.ts';
import { readConfig, readEpisodes, scoreWindow } from '../runs/index.ts';
import { score } from '../view/words.ts';
import { command, runCommand } from './main.ts';

/** Points of a chart of shares. */
const sharePoints = 100;

interface Options {
  readonly out?: string;
  readonly reference: readonly Reference[];
  readonly json?: boolean;
}

interface CurveRun extends DrawnRun {
  readonly path: string;
  /** Whole games. */
  readonly games: number;
}

await runCommand(async () => {
  const program = command(
    'curve',
    "Draws runs' learning curves: the mean score of the last 100 games against agent steps.",
  )
    .argument('<runs...>', 'run folders')
    .option('--out <file>', 'picture to write, .svg or .png; without it only the table is printed')
    .option(
      '--reference <name=score>',
      'a horizontal line, such as "random policy=1.5"; may be given several times',
      reference,
      [],
    )
    .option('--json', 'print the numbers as JSON instead of a table')
    .parse();
  const { out, reference: references, json } = program.opts<Options>();
  if (out !== undefined) checkPictureType(out);
  const runs = named(program.args.map(readCurve));
  if (out !== undefined) {
    // The drawing library takes a second to load: only who asks for a picture waits.
    const { curvePicture } = await import('../plots/curve-picture.ts');
    await writePicture(out, curvePicture(runs, references));
  }
  process.stdout.write(json ? `${JSON.stringify({ runs: runs.map(described), references }, null, 2)}\n` : table(runs));
});

function readCurve(path: string): CurveRun {
  const { options } = readConfig(path);
  const episodes = readEpisodes(path);
  if (episodes.length === 0)
    throw new UserError(`${path} has no finished game yet, so there is no curve; wait, or take another run`);
  const name = `${String(options['game'])}, ${String(options['core'])}, seed ${String(options['seed'])}`;
  return {
    path,
    name,
    games: episodes.length,
    curve: learningCurve(episodes),
    shares: shareCurve(episodes, sharePoints),
  };
}

/** Runs that would have the same name get their folder's added. */
function named(runs: readonly CurveRun[]): CurveRun[] {
  return runs.map((run) => {
    const alone = runs.filter(({ name }) => name === run.name).length === 1;
    return alone ? run : { ...run, name: `${run.name} (${run.path})` };
  });
}

function described({ path, name, games, curve, shares }: CurveRun): object {
  return { path, name, games, ...extremes(curve), curve, shares };
}

function extremes(curve: readonly CurvePoint[]): { agentSteps: number; final: number; best: number } {
  const last = curve.at(-1);
  // Means of fewer games are luck: they count only where there are no others.
  const steady = curve.length >= scoreWindow ? curve.slice(scoreWindow - 1) : curve;
  return {
    agentSteps: last?.agentStep ?? 0,
    final: last?.meanScore ?? 0,
    best: steady.reduce((best, { meanScore }) => Math.max(best, meanScore), -Infinity),
  };
}

/** One row per stretch of a round number of steps, one column per run. */
function table(runs: readonly CurveRun[]): string {
  const end = Math.max(...runs.map(({ curve }) => extremes(curve).agentSteps));
  const stride = roundNumber(end / 10);
  const steps = [...Array.from({ length: Math.ceil(end / stride) - 1 }, (_, i) => (i + 1) * stride), end];
  const cells = (run: CurveRun): string[] =>
    steps.map((step) => (step > extremes(run.curve).agentSteps ? '' : score(valueAt(run.curve, step))));
  const columns = [
    ['agent steps', ...steps.map((step) => step.toLocaleString('en-US')), 'games', 'best'],
    ...runs.map((run) => [run.name, ...cells(run), `${run.games}`, score(extremes(run.curve).best)]),
  ];
  const widths = columns.map((column) => Math.max(...column.map(({ length }) => length)));
  const rows = (columns[0] as string[]).map((_, row) =>
    columns.map((column, i) => (column[row] as string).padStart(widths[i] as number)).join('  '),
  );
  return `mean score of the last 100 games\n${rows.join('\n')}\n`;
}

/** The smallest of 1, 2, 5, 10, 20, 50, ... that is not below `value`. */
function roundNumber(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((round) => round >= value) ?? power;
}

/** "random policy=1.5" */
function reference(text: string, before: readonly Reference[]): Reference[] {
  const [, name, value] = /^(.+)=\s*(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (name === undefined)
    throw new UserError(`--reference ${text} is no name with a score; write it as --reference "random policy=1.5"`);
  return [...before, { name: name.trim(), score: Number(value) }];
}
