import type { EvaluatedSet } from '../runs/task-lines.ts';

/** How far a run of a task is. */
export interface TaskProgress {
  readonly update: number;
  /** Updates of the whole run, if it does not end before. */
  readonly updates: number;
  /** Passes over the data so far, of tasks that have a data set. */
  readonly epoch?: number | undefined;
  /** Seconds of training since the run's start, of all the times it was started. */
  readonly seconds: number;
  readonly updatesPerSecond: number;
  /** Mean of the last updates; null before the first. */
  readonly loss: number | null;
  /** The last evaluation; undefined before the first. */
  readonly evaluation: { readonly update: number; readonly sets: Readonly<Record<string, EvaluatedSet>> } | undefined;
  /** The first selection's best figure so far. */
  readonly best: { readonly update: number; readonly value: number } | undefined;
  /** Between updates: what is under way, and how many of its sets are done. Undefined while updates are made. */
  readonly sets: { readonly of: 'evaluation' | 'test'; readonly done: number; readonly all: number } | undefined;
}
