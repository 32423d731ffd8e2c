import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { factText, runFacts } from '../report/run-facts.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { makeFolder, onDisk, replaceFile } from '../runs/disk.ts';
import { scoreWindow } from '../runs/index.ts';
import { parallelismFor } from './parallelism.ts';
import { differences, lesserDifferences } from './comparable.ts';
import { compared } from './comparison.ts';
import { costs } from './cost.ts';
import { evaluations, measureWords } from './evaluations.ts';
import { caveatsOf } from './caveats.ts';
import { type CompareOptions, requireProtocol } from './options.ts';
import { type ComparisonReport, comparisonReport, type Cost } from './report/schema.ts';
import { html } from './report/html.ts';
import { markdown } from './report/markdown.ts';
import { sections, titleOf } from './report/sections.ts';
import { type ComparedArm, comparedArms, type ComparedRun, gamesIn, trainingScore } from './run-set.ts';
import { inCommonGames } from './common-games.ts';

interface Wanted {
  /** Run folders. */
  readonly paths: readonly string[];
  /** Folder of the reports. */
  readonly out: string;
  /** What was typed. */
  readonly command: string;
  readonly options: CompareOptions;
  /** What else is to be said, such as which runs failed. */
  readonly notes: readonly string[];
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Compares runs, and writes report.json, report.md with its pictures, and report.html.
 * @returns the report; undefined once the signal is aborted
 * @throws UserError if runs cannot be read or are not comparable, or a file cannot be written
 */
export async function compareRuns(wanted: Wanted): Promise<ComparisonReport | undefined> {
  const { paths, out, command, options, say, signal } = wanted;
  const all = comparedArms(paths);
  const differing = differences(all);
  if (differing.length > 0 && !options.anyway)
    throw new UserError(`not comparable: ${differing.join('; ')} (--anyway compares them, and the report says so)`);
  const { arms, notes: leftOut } = inCommonGames(all);
  requireProtocol(options, gamesIn(arms));
  const runs = arms.flatMap((arm) => arm.runs);
  const isTraining = options.episodes === 0;
  const parallelism = parallelismFor(runs.length, options.atOnce);
  const played = isTraining
    ? new Map<string, Evaluation>()
    : await evaluations(runs, options, { out, parallelism, say, signal });
  const measured = options.cost && played ? await costs(out, arms, say, signal) : undefined;
  if (played === undefined || signal.aborted) return undefined;
  const scoreOf = (run: ComparedRun): number =>
    isTraining ? trainingScore(run) : (played.get(run.path) as Evaluation).summary.mean;
  const report: ComparisonReport = {
    format: 2,
    command,
    measure: isTraining ? `mean score of its last ${scoreWindow} training games` : measureWords(options),
    ...compared(arms, scoreOf, measured?.byArm ?? new Map<string, Cost>()),
    measured: measured?.measured ?? null,
    notes: [
      ...differing.map((difference) => `Not comparable, and compared all the same: ${difference}.`),
      ...wanted.notes,
      ...leftOut,
      ...caveatsOf(arms, { trainingScores: isTraining }),
      ...lesserDifferences(arms).map((difference) => `Different ${difference}: it may move the last bits.`),
    ],
    shared: runFacts(runs).shared.map((fact) => `${fact.label}: ${factText(fact)}`),
  };
  await write(out, report, arms);
  return report;
}

/** The folder of pictures beside report.md. */
const pictureFolder = 'pictures';

async function write(out: string, report: ComparisonReport, arms: readonly ComparedArm[]): Promise<void> {
  // The drawing library takes a second to load: only now.
  const { curvesPicture, intervalsPicture, modulesPicture, profilesPicture } = await import('./report/pictures.ts');
  const pictures = {
    intervals: intervalsPicture(report),
    curves: curvesPicture(report),
    profiles: report.scale === 'none' ? undefined : profilesPicture(report),
    modules: modulesPicture(arms),
  };
  const blocks = sections(report, pictures);
  const title = titleOf(report);
  // The figures first: a disk that is full then leaves no page with figures of another comparison.
  makeFolder(join(out, pictureFolder));
  replaceFile(join(out, 'report.json'), [`${JSON.stringify(comparisonReport.parse(report), null, 2)}\n`]);
  for (const [name, svg] of Object.entries(pictures)) {
    const file = join(out, pictureFolder, `${name}.svg`);
    if (svg === undefined) onDisk(`remove ${file}`, () => rmSync(file, { force: true }));
    else replaceFile(file, [svg]);
  }
  replaceFile(join(out, 'report.md'), [markdown(title, blocks, pictureFolder)]);
  replaceFile(join(out, 'report.html'), [html(title, blocks)]);
}
