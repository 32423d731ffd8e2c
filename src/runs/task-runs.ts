import { UserError } from '../errors.ts';
import type { TaskRunConfig } from './config.ts';
import { findRuns } from './find-runs.ts';
import type { EvaluationLine, TaskResult } from './task-lines.ts';
import { readEvaluations, readTaskConfig, readTaskResult } from './task-run.ts';

/** A run of a sequence task as tables and figures tell of it. */
export interface TaskRunData {
  readonly path: string;
  readonly config: TaskRunConfig;
  readonly evaluations: readonly EvaluationLine[];
  /** Of a run that has ended; undefined before, and once it goes on. */
  readonly result: TaskResult | undefined;
}

/**
 * Reads all runs of sequence tasks at or below some folders, in the order of their paths. Runs of PPO are left out,
 * unless their own folder is named.
 * @throws UserError if a folder does not exist, a run of PPO is named, or a file of a run is missing or damaged
 */
export function readTaskRuns(folders: readonly string[]): TaskRunData[] {
  return findRuns(folders, 'task').map((path) => ({
    path,
    config: readTaskConfig(path),
    evaluations: readEvaluations(path),
    result: readTaskResult(path),
  }));
}

/** The same. @throws UserError also if there is no such run */
export function requireTaskRuns(folders: readonly string[]): TaskRunData[] {
  const runs = readTaskRuns(folders);
  if (runs.length === 0)
    throw new UserError(
      `no run of a sequence task in ${folders.join(', ')}; train one: npm run task -- copying (npm run task -- list)`,
    );
  return runs;
}
