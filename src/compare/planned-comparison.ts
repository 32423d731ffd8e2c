import { join } from 'node:path';
import { seedsFrom } from '../settings/machine-settings.ts';
import type { PpoOptions } from '../ppo/config.ts';
import { UserError } from '../errors.ts';
import { isRun } from '../runs/config.ts';
import { makeFolder, removeEmptyFolders, requireWritable } from '../runs/disk.ts';
import { asFileName, timeStamp } from '../runs/path-names.ts';
import { shortNumber } from '../text/words.ts';
import { type Given, optionsOf, type PlannedArm, plannedArms } from './arms.ts';
import { type Parallelism, parallelismFor } from './parallelism.ts';
import { type GameShape, shapeOf } from './game-shapes.ts';
import { matchedArms } from './match.ts';
import { type CompareOptions, coresOf, gamesOf, requireProtocol } from './options.ts';
import { type PlannedRun, plannedRuns } from './plan.ts';

/** What a comparison will do. */
export interface PlannedComparison {
  /** Its folder. */
  readonly out: string;
  readonly runs: readonly PlannedRun[];
  /** Those that are not finished. */
  readonly missing: readonly PlannedRun[];
  /** Of the machine, among these. */
  readonly parallelism: Parallelism;
}

/**
 * Plans a comparison: nothing is written yet.
 * @param given PPO's settings that the user said @param resolved these with defaults
 * @throws UserError for what the user can mend
 */
export async function plannedComparison(
  options: CompareOptions,
  given: Given,
  { seed, steps }: Pick<PpoOptions, 'seed' | 'steps'>,
): Promise<PlannedComparison> {
  const seeds = seedsFrom(seed, options.seeds);
  const games = gamesOf(options);
  requireProtocol(options, games);
  const arms = await armsFor(options, games, given);
  const out = options.out ?? defaultFolder(options, games, steps);
  const runs = plannedRuns(out, arms, games, seeds);
  const missing = runs.filter(({ state }) => state !== 'finished');
  return { out, runs, missing, parallelism: parallelismFor(missing.length, options.atOnce) };
}

/** Most games that a folder is named after. */
const namedGames = 4;

function defaultFolder({ match }: CompareOptions, games: readonly string[], steps: number): string {
  const played = games.length > namedGames ? `${games.length}-games` : games.join('-');
  const parts = ['compare', played, shortNumber(steps), ...(match === 'none' ? [] : [match])];
  return join('runs', asFileName(parts.join('-')));
}

/** Of a comparison of runs that are there. */
export function timedFolder(): string {
  return join('runs', `compare-${timeStamp(new Date())}`);
}

/**
 * Refuses a folder that cannot be written, or is a run's, before hours of work; leaves nothing new behind.
 * @throws UserError
 */
export function tryFolder(out: string): void {
  if (isRun(out)) throw new UserError(`--out ${out} is the folder of a run; give the comparison one of its own`);
  const made = makeFolder(out);
  try {
    requireWritable(join(out, 'report.json'));
  } finally {
    removeEmptyFolders(made);
  }
}

async function armsFor(options: CompareOptions, games: readonly string[], given: Given): Promise<PlannedArm[]> {
  const arms = plannedArms(coresOf(options), games, given);
  const [first] = arms;
  if (options.match === 'none' || first === undefined) return arms;
  const shapes: (readonly [string, GameShape])[] = [];
  // One after the other: each opens an emulator and a thread.
  for (const game of games) shapes.push([game, await shapeOf(optionsOf(first, game, 0))]);
  return matchedArms(arms, options.match, shapes);
}
