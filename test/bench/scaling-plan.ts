import { availableParallelism } from 'node:os';
import { rolloutSteps } from './scaling-report.ts';

/** How one training is started. */
export interface Setting {
  readonly envs: number;
  readonly workers: number;
  readonly threads: number;
  readonly groups: number;
}

type Lists = { readonly [Key in keyof Setting]: readonly number[] };

/** 1, 2, 4 ... below the number of cores, then the cores themselves. */
function upToCores(cores: number): number[] {
  const powers = Array.from({ length: 32 }, (_, exponent) => 2 ** exponent);
  return [...powers.filter((power) => power < cores), cores];
}

/** What is tried where nothing is said: all cores first, because the first value of a list is the base. */
export function usualLists(cores = availableParallelism()): Lists {
  const fewer = upToCores(cores).slice(0, -1);
  return { envs: [8, 16, 32, 64], workers: [cores, ...fewer, 2 * cores], threads: [cores, ...fewer], groups: [1, 2] };
}

/**
 * The first value of each list makes the base; each further value is tried alone, beside the base of the others. More
 * workers than environments would be the same as as many.
 */
export function plan(lists: Lists): Setting[] {
  const [envs = 0, workers = 0, threads = 0, groups = 0] = [
    ...[lists.envs[0], lists.workers[0], lists.threads[0], lists.groups[0]],
  ];
  const base: Setting = { envs, workers: Math.min(workers, envs), threads, groups };
  const varied = (['envs', 'workers', 'threads', 'groups'] as const).flatMap((key) =>
    lists[key].slice(1).map((value): Setting => ({ ...base, [key]: value })),
  );
  return [base, ...varied.filter((setting) => setting.workers <= setting.envs)];
}

/** Updates that are measured: as many as make about `steps` agent steps, but two, for a median, at least. */
export function measuredUpdates({ envs }: Setting, steps: number): number {
  return Math.max(2, Math.round(steps / (envs * rolloutSteps)));
}
