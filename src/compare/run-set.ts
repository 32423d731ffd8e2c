import type { z } from 'zod';
import { allIssues } from '../../agents/one-line.ts';
import type { AgentOptions } from '../../agents/actor-critic.ts';
import { agentOptions } from '../../agents/bundle/manifest.ts';
import { type CoreKind, savedCoreOptions } from '../../agents/cores/options.ts';
import { UserError } from '../errors.ts';
import { readRuns, type RunData } from '../report/run-data.ts';
import { indifferentSettings, type PpoOptions, ppoOptions } from '../ppo/config.ts';
import { coreUses } from '../settings/core-settings.ts';
import { findRuns } from '../runs/find-runs.ts';
import { settingWords } from '../settings/words.ts';

/** A run that is compared. */
export interface ComparedRun extends RunData {
  readonly game: string;
  readonly seed: number;
  /** All its settings. What was no setting when it began is today's default. */
  readonly options: PpoOptions;
  /** What determines its network. */
  readonly agent: AgentOptions;
}

/** Runs that differ in nothing but game and seed. */
export interface ComparedArm {
  /** Its core, and what tells it from other arms of this core. */
  readonly name: string;
  readonly core: CoreKind;
  readonly runs: readonly ComparedRun[];
}

/** The games that some runs of the arms are of, in the order in which they come. */
export function gamesIn(arms: readonly ComparedArm[]): string[] {
  return [...new Set(arms.flatMap(({ runs }) => runs.map(({ game }) => game)))];
}

/** Mean score of the last 100 games of training, as CleanRL's results have it. */
export function trainingScore({ curve }: ComparedRun): number {
  return curve.at(-1)?.meanScore as number;
}

/** The runs of PPO at or below some folders. Throws UserError for a folder with none. */
export function runFolders(folders: readonly string[]): string[] {
  const found = folders.map((folder) => findRuns([folder], 'ppo'));
  const empty = folders[found.findIndex(({ length }) => length === 0)];
  if (empty !== undefined) throw new UserError(`${empty} is no folder of a run of PPO, and none lies in it`);
  return [...new Set(found.flat())];
}

/**
 * Reads runs and puts them together to arms, in the order of their first runs.
 * @throws UserError if one cannot be read, has no finished game, or is there twice
 */
export function comparedArms(paths: readonly string[]): ComparedArm[] {
  const runs = readRuns(paths).map((run): ComparedRun => {
    const options = checkedBy(runOptions, run.config.options, run.path);
    const { agent: saved } = run.config;
    const agent = checkedBy(agentOptions, { ...saved, core: savedCoreOptions(saved['core']) }, run.path);
    return { ...run, game: options.game, seed: options.seed, options, agent };
  });
  const early = runs.find(({ episodes }) => episodes.length === 0);
  if (early) throw new UserError(`${early.path} has no finished game yet, so it has no score; wait, or leave it out`);
  const byKey = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const key = JSON.stringify(Object.entries(ownSettings(run)).sort());
    const arm = byKey.get(key) ?? [];
    const twin = arm.find(({ game, seed }) => game === run.game && seed === run.seed);
    if (twin)
      throw new UserError(`${twin.path} and ${run.path} are the same run, ${run.name}, made twice: leave one out`);
    byKey.set(key, [...arm, run]);
  }
  const arms = [...byKey.values()];
  const cores = arms.map(([first]) => (first as ComparedRun).options.core);
  return arms.map((runs, i) => {
    const ofCore = arms.filter((_, j) => cores[j] === cores[i]).map(([first]) => ownSettings(first as ComparedRun));
    const own = ownSettings(runs[0] as ComparedRun);
    const differing = Object.entries(own).filter(([key, value]) => ofCore.some((other) => other[key] !== value));
    const core = cores[i] as CoreKind;
    return { name: [core, ...settingWords(Object.fromEntries(differing))].join(', '), core, runs };
  });
}

/** Settings that do not make an arm: what varies within one, what only names others, what only speed depends on. */
const notArms: ReadonlySet<string> = new Set(['game', 'seed', 'preset', ...indifferentSettings]);

/** The settings that make a run's arm. */
export function ownSettings({ options }: Pick<ComparedRun, 'options'>): Record<string, unknown> {
  const entries = Object.entries(options).filter(([key]) => !notArms.has(key) && coreUses(options.core, key));
  return Object.fromEntries(entries);
}

const { game, core, seed, steps } = ppoOptions.shape;
/** Settings of a run in its config.json: what names a run must stand there. */
const runOptions = ppoOptions.extend({
  ...{ game: game.unwrap(), core: core.unwrap(), seed: seed.unwrap(), steps: steps.unwrap() },
});

/** Throws UserError if what config.json holds has another form. */
function checkedBy<T>(schema: z.ZodType<T>, content: unknown, path: string): T {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new UserError(
    `${path}/config.json: ${allIssues(parsed.error)}; leave the run out, or compare with the version that made it`,
  );
}
