import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { allIssues } from '../../agents/one-line.ts';
import { UserError } from '../errors.ts';
import { otherSetting } from '../settings/resumed-options.ts';
import { quoted } from '../text/words.ts';
import { indifferentSettings, type PpoOptions, ppoOptions } from '../ppo/config.ts';
import { onDisk } from '../runs/disk.ts';
import { isRun } from '../runs/config.ts';
import { readConfig } from '../runs/index.ts';
import { asFileName } from '../runs/path-names.ts';
import { flagsOf, optionsOf, type PlannedArm } from './arms.ts';
import { lastProgress, type RunProgress, savedSteps } from '../runs/run-progress.ts';

/** A run that the comparison needs, and how far it is. */
export interface PlannedRun {
  readonly arm: PlannedArm;
  readonly game: string;
  readonly seed: number;
  readonly path: string;
  readonly options: PpoOptions;
  readonly state: 'finished' | 'partly trained' | 'missing';
  /** Of one that has made an update. */
  readonly progress?: RunProgress;
}

/**
 * All runs of a comparison: every arm in every game with every seed. All arms have one run before any has two.
 * @param folder of the comparison; a run lies in it as `<game>-<core>-s<seed>`
 * @throws UserError if a run that is there was trained with other settings, or a seed is too large
 */
export function plannedRuns(
  folder: string,
  arms: readonly PlannedArm[],
  games: readonly string[],
  seeds: readonly number[],
): PlannedRun[] {
  return seeds.flatMap((seed) =>
    games.flatMap((game) =>
      arms.map((arm): PlannedRun => {
        const path = join(folder, `${asFileName(game)}-${arm.core}-s${seed}`);
        const options = optionsOf(arm, game, seed);
        return { ...{ arm, game, seed, path, options }, ...stateOf(path, options) };
      }),
    ),
  );
}

function stateOf(path: string, options: PpoOptions): Pick<PlannedRun, 'state' | 'progress'> {
  if (!existsSync(path) || onDisk(`read ${path}`, () => readdirSync(path)).length === 0) return { state: 'missing' };
  if (!isRun(path)) throw new UserError(`${path} is of a run that was killed before it began: remove it`);
  refuseOther(path, options);
  const progress = lastProgress(path);
  const state = savedSteps(path) >= options.steps ? 'finished' : 'partly trained';
  return { state, ...(progress && { progress }) };
}

/** @throws UserError naming a setting in which the run that is there differs from the one that is wanted */
function refuseOther(path: string, wanted: PpoOptions): void {
  const found = ppoOptions.safeParse(readConfig(path).options);
  if (!found.success)
    throw new UserError(
      `${path}/config.json: ${allIssues(found.error)}; ` +
        'compare with the version that made it, or take another folder by --out',
    );
  // What neither has is undefined in both.
  const nothing = Object.fromEntries(Object.keys(found.data).map((key) => [key, undefined]));
  const other = otherSetting(found.data, { ...nothing, ...wanted }, indifferentSettings);
  if (other) throw new UserError(`${path} was trained ${other.words}: ${mend(other)}, or take another folder by --out`);
}

const defaults: Readonly<Record<string, unknown>> = ppoOptions.parse({});

/** What to give, or not to give, so that a setting is as it was. A switch has a flag for the one way alone. */
function mend({ key, had, now }: { readonly key: string; readonly had: unknown; readonly now: unknown }): string {
  const isSwitch = typeof had === 'boolean';
  if (had === undefined || (isSwitch && had === defaults[key])) return `leave ${flagsOf({ [key]: now })[0] ?? key} out`;
  return `give ${flagsOf({ [key]: had })
    .map(quoted)
    .join(' ')}`;
}
