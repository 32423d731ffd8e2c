import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkpointFacts, evenMoments, findCheckpoint, type FoundCheckpoint, learnerState } from './checkpoint.ts';
import { readConfigFile, type TaskRunConfig, taskRunConfig, type TaskRunSettings } from './config.ts';
import { onDisk, replaceFile } from './disk.ts';
import { fileNames } from './file-names.ts';
import { parsedJson, readJson, readLines } from './json-files.ts';
import { RunFiles } from './run-files.ts';
import { previousOf, putBack, readSealed, unseal, writeSealed } from './sealed-file.ts';
import {
  type EvaluationLine,
  evaluationLine,
  type TaskMetricLine,
  taskMetricLine,
  type TaskResult,
  taskResult,
} from './task-lines.ts';

const lineFiles = [fileNames.metrics, fileNames.evaluations] as const;
type LineFile = (typeof lineFiles)[number];

const count = z.number().int().min(0);

export const taskState = z.object({
  ...learnerState,
  random: z.object({ run: z.array(z.number().int()) }),
  learningRate: z.number(),
  /** Per way of selection: the best figure so far and the update it is of. */
  best: z.record(z.string(), z.object({ update: count, value: z.number() })),
  /** The first selection's figure when patience began anew; none before the first evaluation. */
  reference: z.number().optional(),
  /** Evaluations in a row without a better figure of the first selection. */
  withoutBetter: count,
  /** Sums since the last line of metrics. */
  tally: z.object({ updates: count, loss: z.number(), norm: z.number() }),
  /** What the task itself keeps, such as its place in a text. */
  experiment: z.unknown(),
});

const taskCheckpoint = taskState.extend(checkpointFacts).refine(...evenMoments);

/** What a task's trainer needs to go on. */
export type TaskState = z.infer<typeof taskState>;
type TaskCheckpoint = z.infer<typeof taskCheckpoint>;

const bestParameters = z.object({ update: count, value: z.number(), parameters: learnerState.parameters });
/** The network that was best by one way of selection. */
export type BestParameters = z.infer<typeof bestParameters>;

/** A task's run as its folder holds it. */
export interface SavedTaskRun {
  readonly path: string;
  readonly config: TaskRunConfig;
  /** Undefined if the run was killed before its first. */
  readonly found: FoundCheckpoint<TaskCheckpoint> | undefined;
}

/**
 * The folder that a run of a sequence task writes: docs/run-folder.md defines every file and term in it. Lines and
 * events reach the disk by {@link TaskRunFolder.flush}; log lines at once. Every method throws UserError where the disk
 * is full or not writable.
 */
export class TaskRunFolder extends RunFiles<LineFile, TaskState> {
  /** Begins a new run: see {@link RunFiles.begin}. */
  static create(path: string, settings: TaskRunSettings): TaskRunFolder {
    return RunFiles.begin(path, lineFiles, settings, (opened) => new TaskRunFolder(opened));
  }

  /**
   * Goes on with a run that {@link readTaskRun} has read: see {@link RunFiles.goOn}. The best networks are those of the
   * checkpoint again. Result and example are removed: they are of a network that may not be the selected one in the
   * end.
   */
  static resume(saved: SavedTaskRun, start: Pick<TaskRunSettings, 'options' | 'versions'>): TaskRunFolder {
    const { path, found } = saved;
    const { update, best } = found?.content ?? { update: 0, best: {} };
    const mend = (): void => {
      for (const [selection, { update }] of Object.entries(best)) {
        const file = bestFile(path, selection);
        if (!isOfUpdate(file, update) && isOfUpdate(previousOf(file), update)) putBack(file);
      }
      for (const file of [fileNames.result, fileNames.sample].map((name) => join(path, name)))
        onDisk(`remove ${file}`, () => rmSync(file, { force: true }));
    };
    return RunFiles.goOn(saved, lineFiles, start, { update }, (opened) => new TaskRunFolder(opened), mend);
  }

  metric(line: TaskMetricLine): void {
    this.line(fileNames.metrics, line);
    const { update, ...values } = line;
    this.scalars(update, values);
  }

  evaluation(line: EvaluationLine): void {
    this.line(fileNames.evaluations, line);
    this.scalars(line.update, line.sets);
  }

  /** Replaces the network that is best by a way of selection, and keeps the one before. */
  saveBest(selection: string, best: BestParameters): void {
    writeSealed(bestFile(this.path, selection), best);
  }

  result(result: TaskResult): void {
    replaceFile(join(this.path, fileNames.result), [`${JSON.stringify(result, null, 2)}\n`]);
  }

  /** One example of what the selected network does, for figures. */
  sample(sample: unknown): void {
    replaceFile(join(this.path, fileNames.sample), [`${JSON.stringify(sample)}\n`]);
  }
}

/**
 * Reads what is needed to go on with a run, and changes nothing.
 * @throws UserError if the folder is no task's run, or config.json or all its checkpoints are damaged
 */
export function readTaskRun(path: string): SavedTaskRun {
  const config = readTaskConfig(path);
  return { path, config, found: findCheckpoint(path, config, taskCheckpoint) };
}

/** @throws UserError if the folder is no run folder of a task, or config.json is damaged */
export function readTaskConfig(path: string): TaskRunConfig {
  return readConfigFile(path, 'task', taskRunConfig);
}

/** The network that was best by a way of selection; undefined before the first evaluation. */
export function readBest(path: string, selection: string): BestParameters | undefined {
  const file = bestFile(path, selection);
  return existsSync(file) ? readSealed(file, bestParameters) : undefined;
}

/** Whether the network that was best by a way of selection at an update is still there. */
export function keepsBest(path: string, selection: string, update: number): boolean {
  const file = bestFile(path, selection);
  return isOfUpdate(file, update) || isOfUpdate(previousOf(file), update);
}

/** All evaluations of a run, in order. Throws UserError if a line is damaged. */
export function readEvaluations(path: string): EvaluationLine[] {
  return readLines(join(path, fileNames.evaluations), evaluationLine);
}

/** The lines of metrics.jsonl, in order. Throws UserError if a line is damaged. */
export function readTaskMetrics(path: string): TaskMetricLine[] {
  return readLines(join(path, fileNames.metrics), taskMetricLine);
}

/** Of a run that has ended; undefined before, and once it goes on. Throws UserError if it is damaged. */
export function readTaskResult(path: string): TaskResult | undefined {
  const file = join(path, fileNames.result);
  return existsSync(file) ? readJson(file, taskResult) : undefined;
}

/** The example of a run that has ended, not validated: its task knows its form. Undefined before. */
export function readSample(path: string): unknown {
  const file = join(path, fileNames.sample);
  return existsSync(file) ? parsedJson(file) : undefined;
}

function isOfUpdate(file: string, update: number): boolean {
  if (!existsSync(file)) return false;
  const read = unseal(file, bestParameters);
  return 'content' in read && read.content.update === update;
}

function bestFile(path: string, selection: string): string {
  return join(path, `best-${selection}.msgpack`);
}
