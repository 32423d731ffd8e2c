import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { coreUses } from '../settings/core-settings.ts';
import { settingWords } from '../settings/words.ts';
import type { TaskRunConfig } from '../runs/config.ts';
import type { TaskRunData } from '../runs/task-runs.ts';
import { tasks } from '../tasks/index.ts';
import type { Task } from '../tasks/task.ts';
import type { Settings } from './paper-table.ts';

/**
 * Settings that decide neither what is learned nor which network is chosen: runs that differ in nothing else are one
 * arm. Of tests on more lengths or sizes only those that a table asks for are read.
 */
const indifferent: ReadonlySet<string> = new Set([
  ...['seed', 'threads', 'kernels', 'device', 'checkpointEvery', 'testLengths', 'testSizes', 'data'],
]);

/** A task of this version; undefined for one that it does not know. */
function taskOf(name: string): Task | undefined {
  return tasks.find((task) => task.name === name);
}

/** What a task's settings are where its user says nothing. Empty for a task that this version does not know. */
export function defaultsOf(task: string): Settings {
  const shape = taskOf(task)?.settings.shape ?? {};
  return Object.fromEntries(
    Object.entries(shape).flatMap(([key, schema]) =>
      schema instanceof z.ZodDefault ? [[key, schema.def.defaultValue]] : [],
    ),
  );
}

/** A setting of a run. One that did not exist when it began counts as today's default. */
export function settingOf(config: TaskRunConfig, key: string): unknown {
  const { task, options } = config;
  if (key === 'data') return dataOf(config)?.split(',')[0];
  return options[key] ?? defaultsOf(task)[key];
}

/**
 * What a run learned from. One from before config.json told it counts as having the usual data, but of the language
 * model, which may be given one text or another.
 */
function dataOf({ task, data, options }: TaskRunConfig): string | undefined {
  if (data !== undefined) return data;
  const folder = options['data'];
  return task === 'language-model' && typeof folder === 'string' ? folder : taskOf(task)?.usualData;
}

/**
 * The settings that make a run's arm, in so far as they are not the task's defaults, and its data, if they are not the
 * usual ones, wherever they lie; those of `known` are left out.
 */
export function unusual(config: TaskRunConfig, known: Settings): Settings {
  const { task, options } = config;
  const defaults = defaultsOf(task);
  const settings = Object.entries(options).filter(
    ([key, value]) =>
      !indifferent.has(key) &&
      !(key in known) &&
      coreUses(String(options['core']), key) &&
      !isDeepStrictEqual(value, defaults[key]),
  );
  const data = dataOf(config);
  const isUsual = 'data' in known || data === undefined || data.startsWith(taskOf(task)?.usualData ?? '');
  return { ...Object.fromEntries(settings), ...(!isUsual && { data }) };
}

/** "rim 6 × 100, 4 active", and every other setting that is not the task's default. */
export function armName(config: TaskRunConfig): string {
  return armParts(config).join(', ');
}

/** The network, and each unusual setting. */
function armParts(config: TaskRunConfig): [string, ...string[]] {
  const [modules, units, active, layers, hidden] = ['modules', 'units', 'active', 'layers', 'hidden'].map((key) =>
    String(settingOf(config, key)),
  );
  const core = String(settingOf(config, 'core'));
  const size: Readonly<Record<string, string>> = {
    rim: `${modules} × ${units}, ${active} active`,
    brim: `${layers}`,
    lstm: `${hidden}`,
    gru: `${hidden}`,
  };
  const own = { core, modules, units, active, layers, hidden };
  return [`${core} ${size[core] ?? ''}`.trim(), ...settingWords(unusual(config, own))];
}

/** Short names of arms that stand together: the network of each, and the unusual settings that not all of them have. */
export function briefArmNames(arms: readonly TaskRunConfig[]): string[] {
  const parts = arms.map(armParts);
  return parts.map(([network, ...settings]) =>
    [network, ...settings.filter((words) => !parts.every((others) => others.includes(words)))].join(', '),
  );
}

/** Runs put together by a key that all runs of an arm share, in the order of their first runs: one of each seed. */
export function armsBy(
  runs: readonly TaskRunData[],
  keyOf: (run: TaskRunData) => string,
): Map<string, readonly TaskRunData[]> {
  const arms = new Map<string, TaskRunData[]>();
  for (const run of runs) arms.set(keyOf(run), [...(arms.get(keyOf(run)) ?? []), run]);
  return new Map([...arms].map(([key, arm]) => [key, bySeed(arm)]));
}

/** One run of each seed, in the seeds' order: where there are several, the newest that has a result, if any has. */
function bySeed(runs: readonly TaskRunData[]): TaskRunData[] {
  const bestLast = runs.toSorted(
    (a, b) => Number(!!a.result) - Number(!!b.result) || (a.config.created < b.config.created ? -1 : 1),
  );
  const last = new Map(bestLast.map((run) => [seedOf(run), run]));
  return [...last.values()].sort((a, b) => seedOf(a) - seedOf(b));
}

export function seedOf({ config }: TaskRunData): number {
  return Number(config.options['seed']);
}
