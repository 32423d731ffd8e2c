import type { TaskRunData } from '../runs/task-runs.ts';
import { armName, armsBy, briefArmNames } from './arms.ts';

/** Runs of one task that differ in nothing but the seed, one of each, in the seeds' order. */
export interface Arm {
  /** As short as tells it from the task's other arms. */
  readonly name: string;
  readonly runs: readonly TaskRunData[];
}

/** The arms of a task, in the order of their first runs. */
export function armsOf(task: string, runs: readonly TaskRunData[]): Arm[] {
  const own = runs.filter(({ config }) => config.task === task);
  const arms = [...armsBy(own, ({ config }) => armName(config)).values()];
  const names = briefArmNames(arms.flatMap(([first]) => first?.config ?? []));
  return arms.map((runs, i) => ({ name: names[i] ?? '', runs }));
}
