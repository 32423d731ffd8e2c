import { join } from 'node:path';
import { z } from 'zod';
import type { Given } from '../compare/arms.ts';
import { compareRuns } from '../compare/compare-runs.ts';
import { type CompareOptions, compareOptions } from '../compare/options.ts';
import { commandLine, nameOf, planSummary, planTable } from '../compare/plan-words.ts';
import { type PlannedComparison, plannedComparison, timedFolder, tryFolder } from '../compare/planned-comparison.ts';
import { runFolders } from '../compare/run-set.ts';
import { screenText } from '../compare/report/screen.ts';
import { trainRuns } from '../compare/train-runs.ts';
import { TrainingView } from '../compare/training-view.ts';
import { UserError } from '../errors.ts';
import { flagName } from '../settings/flag-name.ts';
import { ppoOptions } from '../ppo/config.ts';
import { quoted } from '../text/words.ts';
import { checked } from '../settings/checked.ts';
import { addFlags, parse } from './flags.ts';
import { command, onInterrupt, runCommand } from './main.ts';

/** PPO's settings, which hold for all arms; game and core are the comparison's. */
const { game: _game, core: _core, ...forAllArms } = ppoOptions.shape;
const armOptions = z.strictObject(forAllArms);
/** Flags that mean something where nothing is trained. */
const ofComparing: readonly string[] = ['out', 'cost', 'anyway', 'episodes', 'greedy', 'protocol', 'atOnce'];

const typed = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

await runCommand(async () => {
  const described = command(
    'compare',
    'Compares cores: trains what is missing, in every game and with every seed, evaluates all alike, and says who is ' +
      'ahead, by how much, and how sure that is. Given run folders, it compares these. Every setting of npm run ppo ' +
      'holds for all arms.',
  ).argument('[runs...]', 'run folders, or folders with run folders in them; without any, arms are trained');
  const parser = addFlags(addFlags(described, compareOptions), armOptions);
  const all = Object.entries(parse(parser, typed));
  const own = Object.fromEntries(all.filter(([key]) => key in compareOptions.shape));
  const given = Object.fromEntries(all.filter(([key]) => !(key in compareOptions.shape)));
  const options = checked(compareOptions, own);
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort());
  try {
    if (parser.args.length === 0) await trainAndCompare(options, given, stop.signal);
    else await compareThose(parser.args, options, Object.keys({ ...own, ...given }), stop.signal);
    if (stop.signal.aborted) say(`Go on: ${commandLine(typed)}`);
  } finally {
    forget();
  }
});

async function trainAndCompare(options: CompareOptions, given: Given, signal: AbortSignal): Promise<void> {
  const planned = await plannedComparison(options, given, checked(armOptions, given));
  const { out, runs, missing, parallelism } = planned;
  say(`${planTable(runs)}\n\n${planSummary(runs, parallelism)}`);
  if (options.plan) return;
  tryFolder(out);
  const failed = missing.length > 0 ? await train(planned, signal) : new Map<string, string>();
  if (signal.aborted) return;
  const paths = runs.map(({ path }) => path).filter((path) => !failed.has(path));
  await compareAndTell({ paths, out, options, notes: [...failed.values()], signal });
}

/** @returns what the report says of each run that has not ended well, by its path */
async function train({ missing, parallelism }: PlannedComparison, signal: AbortSignal): Promise<Map<string, string>> {
  const view = new TrainingView();
  const stopping = (): void => view.message('finishing the updates under way, then saving; Ctrl-C again stops at once');
  signal.addEventListener('abort', stopping, { once: true });
  try {
    const ended = await trainRuns(missing, parallelism, { report: (runs) => view.update(runs), signal });
    const others = ended.filter(({ phase }) => phase !== 'trained');
    return new Map(
      others.map(({ run, phase, said = '' }) => {
        const why = phase === 'failed' ? `failed (${said})` : 'was stopped';
        return [run.path, `${nameOf(run)} is left out: its training ${why}.`];
      }),
    );
  } finally {
    signal.removeEventListener('abort', stopping);
    view.close();
  }
}

async function compareThose(
  folders: readonly string[],
  options: CompareOptions,
  flags: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const idle = flags.find((key) => !ofComparing.includes(key));
  if (idle !== undefined)
    throw new UserError(`${flagName(idle)} says what to train, and run folders are only compared: leave it out`);
  const out = options.out ?? timedFolder();
  tryFolder(out);
  await compareAndTell({ paths: runFolders(folders), out, options, notes: [], signal });
}

async function compareAndTell(wanted: Omit<Parameters<typeof compareRuns>[0], 'command' | 'say'>): Promise<void> {
  const report = await compareRuns({ ...wanted, command: commandLine(typed), say });
  if (report === undefined) return;
  const file = quoted(join(wanted.out, 'report.html'));
  say(`\n${screenText(report)}\n\nThe report is in ${file}, report.md and report.json`);
}
