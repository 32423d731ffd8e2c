import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../errors.ts';
import { flagName } from '../settings/flag-name.ts';
import { freeSettings, type PpoOptions, ppoOptions } from '../ppo/config.ts';

import { onDisk } from '../runs/disk.ts';
import { readConfig } from '../runs/index.ts';
import { optionsOf, type PlannedArm } from './arms.ts';
import { lastProgress, type RunProgress, savedSteps } from './run-progress.ts';

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
        const path = join(folder, `${game.replaceAll(/[^\w.-]/g, '_')}-${arm.core}-s${seed}`);
        const options = optionsOf(arm, game, seed);
        return { ...{ arm, game, seed, path, options }, ...stateOf(path, options) };
      }),
    ),
  );
}

function stateOf(path: string, options: PpoOptions): Pick<PlannedRun, 'state' | 'progress'> {
  if (!existsSync(path) || onDisk(`read ${path}`, () => readdirSync(path)).length === 0) return { state: 'missing' };
  refuseOther(path, options);
  const progress = lastProgress(path);
  const state = savedSteps(path) >= options.steps ? 'finished' : 'partly trained';
  return { state, ...(progress && { progress }) };
}

/** Settings that change neither what is learned nor from what; `steps` does, as the step size falls over them. */
const indifferent: ReadonlySet<string> = new Set([...freeSettings].filter((key) => key !== 'steps'));

type Settings = Readonly<Record<string, unknown>>;

/** @throws UserError naming a setting in which the run that is there differs from the one that is wanted */
function refuseOther(path: string, wanted: PpoOptions): void {
  const found = ppoOptions.partial().safeParse(readConfig(path).options);
  const had: Settings = found.success ? found.data : {};
  const now: Settings = wanted;
  for (const key of Object.keys({ ...had, ...now }))
    if (!indifferent.has(key) && !isDeepStrictEqual(had[key], now[key]))
      throw new UserError(
        `${path} was trained with ${key} ${String(had[key])}, not ${String(now[key])}: ` +
          `give ${flagName(key)} as it was, or another folder by --out`,
      );
}
