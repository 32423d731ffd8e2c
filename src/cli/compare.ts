import { join } from 'node:path';
import { z } from 'zod';
import { type Given, optionsOf, type PlannedArm, plannedArms } from '../compare/arms.ts';
import { divided } from '../compare/at-once.ts';
import { compareRuns } from '../compare/compare-runs.ts';
import { shapeOf } from '../compare/game-shapes.ts';
import { matchedArms } from '../compare/match.ts';
import { type CompareOptions, compareOptions, coresOf, gamesOf } from '../compare/options.ts';
import { type PlannedRun, plannedRuns } from '../compare/plan.ts';
import { commandLine, nameOf, planSummary, planTable } from '../compare/plan-words.ts';
import { runFolders } from '../compare/run-set.ts';
import { screenText } from '../compare/screen.ts';
import { trainRuns } from '../compare/train-runs.ts';
import { TrainingView } from '../compare/training-view.ts';
import { UserError } from '../errors.ts';
import { flagName } from '../flag-name.ts';
import { largestSeed } from '../machine-settings.ts';
import { ppoOptions } from '../ppo/config.ts';
import { quoted, shortNumber } from '../view/words.ts';
import { addFlags, parse, resolve } from './flags.ts';
import { command, onInterrupt, runCommand } from './main.ts';

/** PPO's settings, which hold for all arms; game and core are the comparison's. */
const { game: _game, core: _core, ...forAllArms } = ppoOptions.shape;
const armOptions = z.strictObject(forAllArms);

const typed = process.argv.slice(2);

await runCommand(async () => {
  const parser = addFlags(
    addFlags(
      command(
        'compare',
        'Compares arms: trains what is missing, in every game and with every seed, and says who is ahead, by how much, and ' +
          'how sure that is. Of run folders it compares what is there. Every setting of npm run ppo holds for all arms.',
      ).argument(
        '[runs...]',
        'run folders, or folders with run folders in them, to compare; without any, arms are trained',
      ),
      compareOptions,
    ),
    armOptions,
  );
  const all = Object.entries(parse(parser, typed));
  const isOwn = (key: string): boolean => key in compareOptions.shape;
  const own = Object.fromEntries(all.filter(([key]) => isOwn(key)));
  const given = Object.fromEntries(all.filter(([key]) => !isOwn(key)));
  const options = resolve(compareOptions, own);
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort());
  try {
    if (parser.args.length === 0) await trainAndCompare(options, given, stop.signal);
    else await compareThose(parser.args, options, { ...own, ...given }, stop.signal);
  } finally {
    forget();
  }
});

async function trainAndCompare(options: CompareOptions, given: Given, signal: AbortSignal): Promise<void> {
  const { seed, steps } = resolve(armOptions, given);
  const last = seed + options.seeds - 1;
  if (last > largestSeed)
    throw new UserError(
      `--seed ${seed} --seeds ${options.seeds}: the last seed, ${last}, is too large; take a smaller --seed`,
    );
  const games = gamesOf(options);
  const arms = await armsFor(options, games, given);
  const match = options.match === 'none' ? '' : `-${options.match}`;
  const out = options.out ?? join('runs', `compare-${games.join('-')}-${shortNumber(steps)}${match}`);
  const seeds = Array.from({ length: options.seeds }, (_, i) => seed + i);
  const runs = plannedRuns(out, arms, games, seeds);
  const missing = runs.filter(({ state }) => state !== 'finished');
  const division = divided(missing.length, options.atOnce);
  process.stdout.write(`${planTable(runs)}\n\n${planSummary(runs, division)}\n`);
  if (options.plan) return;
  const failed = missing.length > 0 ? await train(missing, division, signal) : [];
  const finished = runs.filter(({ path }) => !failed.some((failure) => failure.path === path));
  if (!signal.aborted)
    await compareAndTell({
      paths: finished.map(({ path }) => path),
      out,
      options,
      notes: failed.map(({ note }) => note),
      signal,
    });
  if (signal.aborted) process.stdout.write(`Go on: ${commandLine(typed)}\n`);
}

async function armsFor(options: CompareOptions, games: readonly string[], given: Given): Promise<PlannedArm[]> {
  const arms = plannedArms(coresOf(options), games, given);
  const [first] = arms;
  if (options.match === 'none' || first === undefined) return arms;
  const shapes = await Promise.all(
    games.map(async (game) => [game, await shapeOf(optionsOf(first, game, 0))] as const),
  );
  return matchedArms(arms, options.match, shapes);
}

/** @returns the runs that have not ended well, and what the report says of each */
async function train(
  missing: readonly PlannedRun[],
  division: Parameters<typeof trainRuns>[1],
  signal: AbortSignal,
): Promise<{ path: string; note: string }[]> {
  const view = new TrainingView();
  const say = (): void => view.message('finishing the updates under way, then saving; Ctrl-C again stops at once');
  signal.addEventListener('abort', say, { once: true });
  try {
    const ended = await trainRuns(missing, division, { report: (runs) => view.update(runs), signal });
    return ended
      .filter(({ phase }) => phase !== 'trained')
      .map(({ run, phase, said }) => ({
        path: run.path,
        note: `${nameOf(run)} is left out: its training ${phase === 'failed' ? `failed (${said ?? ''})` : 'was stopped'}.`,
      }));
  } finally {
    signal.removeEventListener('abort', say);
    view.close();
  }
}

/** Flags that mean something where nothing is trained. */
const comparing: readonly string[] = ['out', 'cost', 'anyway', 'episodes', 'greedy', 'protocol', 'atOnce'];

async function compareThose(
  folders: readonly string[],
  options: CompareOptions,
  given: Given,
  signal: AbortSignal,
): Promise<void> {
  const idle = Object.keys(given).find((key) => !comparing.includes(key));
  if (idle !== undefined)
    throw new UserError(
      `${flagName(idle)} says what to train, and runs that are there are only compared: leave it out`,
    );
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const out = options.out ?? join('runs', `compare-${time}`);
  await compareAndTell({ paths: runFolders(folders), out, options, notes: [], signal });
}

interface Told {
  readonly paths: readonly string[];
  readonly out: string;
  readonly options: CompareOptions;
  readonly notes: readonly string[];
  readonly signal: AbortSignal;
}

async function compareAndTell(told: Told): Promise<void> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const report = await compareRuns({ ...told, command: commandLine(typed), say });
  if (report)
    say(
      `\n${screenText(report)}\n\nThe report is in ${quoted(join(told.out, 'report.html'))}, report.md and report.json`,
    );
}
