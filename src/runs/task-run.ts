import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { checkLengths, fileLengths, learnerState } from './checkpoint.ts';
import {
  configFile,
  describeRun,
  describeStart,
  type TaskRunConfig,
  taskRunConfig,
  type TaskRunSettings,
} from './config.ts';
import { onDisk, replaceFile } from './disk.ts';
import { fileNames } from './file-names.ts';
import { parsedJson, readJson, readLines } from './json-files.ts';
import { RunFiles } from './run-files.ts';
import { changes } from './run-folder.ts';
import { readSealed, writeSealed } from './sealed-file.ts';
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

const taskCheckpoint = taskState.extend({ fileLengths });

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
  readonly checkpoint: TaskCheckpoint;
}

/**
 * The folder that a run of a sequence task writes: docs/run-folder.md defines every file and term in it. Lines and
 * events reach the disk by {@link TaskRunFolder.flush}; log lines at once. Every method throws UserError where the disk
 * is full or not writable.
 */
export class TaskRunFolder {
  readonly #files: RunFiles<LineFile>;

  private constructor(files: RunFiles<LineFile>) {
    this.#files = files;
  }

  get path(): string {
    return this.#files.path;
  }

  /** Writes log.jsonl. */
  get log(): Logger {
    return this.#files.log;
  }

  /** @throws UserError if the folder holds something already or cannot be written; nothing is left behind then */
  static create(path: string, settings: TaskRunSettings): TaskRunFolder {
    const now = new Date();
    return new TaskRunFolder(RunFiles.create(path, lineFiles, describeRun(settings, now), now));
  }

  /**
   * Goes on with a run that {@link readTaskRun} has read, as RunFolder.resume does with one of PPO. Result and example
   * are removed: they are of a network that may not be the selected one in the end.
   * @throws UserError if one of its files is missing or too short, or if the run is still going; nothing is changed
   *   then
   */
  static resume(
    { path, config, checkpoint }: SavedTaskRun,
    { options, versions }: Pick<TaskRunSettings, 'options' | 'versions'>,
  ): TaskRunFolder {
    const changed = changes(config.options, options);
    return RunFiles.resume(path, lineFiles, checkpoint.fileLengths, (files) => {
      for (const file of [fileNames.result, fileNames.sample].map((name) => join(path, name)))
        onDisk(`remove ${file}`, () => rmSync(file, { force: true }));
      if (Object.keys(changed).length > 0) files.writeConfig({ ...config, options });
      files.log.info({ update: checkpoint.update, changed, ...describeStart(versions) }, 'resumed');
      return new TaskRunFolder(files);
    });
  }

  metric(line: TaskMetricLine): void {
    this.#files.line(fileNames.metrics, line);
    const { update, ...values } = line;
    this.#files.scalars(update, values);
  }

  evaluation(line: EvaluationLine): void {
    this.#files.line(fileNames.evaluations, line);
    this.#files.scalars(line.update, line.sets);
  }

  /** Writes what was noted since the last flush. */
  flush(): void {
    this.#files.flush();
  }

  /** Replaces checkpoint.msgpack, after all that was noted is safely on the disk. */
  saveCheckpoint(state: TaskState): void {
    const lengths = this.#files.sync();
    writeSealed(join(this.path, fileNames.checkpoint), { ...state, fileLengths: lengths });
  }

  /** Replaces the network that is best by a way of selection. */
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

  /** Flushes and closes. The folder takes nothing afterwards. */
  close(): void {
    this.#files.close();
  }
}

/**
 * Reads what is needed to go on with a run, and changes nothing.
 * @throws UserError if the folder is no task's run, has no checkpoint yet, or holds a damaged file
 */
export function readTaskRun(path: string): SavedTaskRun {
  const config = readTaskConfig(path);
  const file = join(path, fileNames.checkpoint);
  if (!existsSync(file))
    throw new UserError(`${path} has no checkpoint yet, so there is nothing to go on from; start a new run`);
  const checkpoint = checkLengths(file, readSealed(file, taskCheckpoint));
  if (checkpoint.parameters.length !== config.parameters)
    throw new UserError(
      `${file} has ${checkpoint.parameters.length} parameters, config.json says ${config.parameters}: ` +
        'they are of two runs; put back the right one',
    );
  return { path, config, checkpoint };
}

/** @throws UserError if the folder is no run folder of a task, or config.json is damaged */
export function readTaskConfig(path: string): TaskRunConfig {
  return readJson(configFile(path, 'task'), taskRunConfig);
}

/** The network that was best by a way of selection; undefined before the first evaluation. */
export function readBest(path: string, selection: string): BestParameters | undefined {
  const file = bestFile(path, selection);
  return existsSync(file) ? readSealed(file, bestParameters) : undefined;
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

function bestFile(path: string, selection: string): string {
  return join(path, `best-${selection}.msgpack`);
}
