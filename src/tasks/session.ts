import type { Kernels } from '../../agents/kernels/index.ts';
import { loadTensorFlow, tensorflowVersion } from '../../agents/kernels/backend.ts';
import { describeKernels, selectKernels } from '../../agents/kernels/index.ts';
import { checkCore } from '../settings/core-settings.ts';
import { UserError } from '../errors.ts';
import { defaultRunPath } from '../runs/index.ts';
import type { TaskProgress } from './progress.ts';
import { checkMemory } from '../settings/memory.ts';
import { resumedOptions } from '../settings/resumed-options.ts';
import {
  keepsBest,
  readBest,
  readTaskResult,
  readTaskRun,
  type SavedTaskRun,
  TaskRunFolder,
  type TaskState,
} from '../runs/task-run.ts';
import { type ResolvedSettings, type TrainingSettings, withThreads } from './settings.ts';
import type { Experiment, Task } from './task.ts';
import { type TaskEnding, totalUpdates, trainTask, updatesOfEpochs } from './trainer.ts';

/** A task's run that is ready to train: data is loaded, the network is made, the folder is written. Close it. */
export interface TaskSession {
  readonly path: string;
  readonly settings: ResolvedSettings;
  /** What is to be said of the checkpoint that it goes on from, if that is not the newest. */
  readonly note?: string;
  /** Updates made before, and those of the whole run at most. */
  readonly update: number;
  readonly updates: number;
  /** The figure that decides when it ends early, in words. */
  readonly deciding: string;
  train(listening: {
    readonly report: (progress: TaskProgress) => void;
    readonly signal: AbortSignal;
  }): Promise<TaskEnding>;
  close(): void;
}

/**
 * Settings that may change when a run is resumed: they decide how long it goes on, how fast, and where its data lies.
 * `threads`, `kernels` and `device` may move the last bits of what is learned.
 */
const free: ReadonlySet<string> = new Set([
  ...['updates', 'epochs', 'patience', 'checkpointEvery', 'threads', 'kernels', 'device', 'data'],
]);

/**
 * Begins a run.
 * @param wanted as the task's table parsed them
 * @param path an empty or new folder; named after task, core, seed and time if not given
 * @throws UserError for what the user can mend; nothing is left behind then
 */
export async function newTaskSession(
  task: Task,
  wanted: TrainingSettings,
  command: string,
  path?: string,
): Promise<TaskSession> {
  const parts = await assemble(task, wanted);
  const { settings, experiment } = parts;
  const folder = TaskRunFolder.create(path ?? defaultRunPath(task.name, settings.core, settings.seed), {
    command,
    task: task.name,
    options: settings,
    parameters: experiment.layout.size,
    ...(experiment.data !== undefined && { data: experiment.data }),
    versions: parts.versions,
  });
  return session(parts, folder);
}

/**
 * Goes on with a run from its last checkpoint; one that has ended without a result gets it.
 * @param given what the user said this time; it must agree with the run's settings, {@link free} ones apart
 * @throws UserError for what the user can mend; the run folder is unchanged then
 */
export async function resumedTaskSession(
  task: Task,
  path: string,
  given: Record<string, unknown>,
): Promise<TaskSession> {
  const saved = readTaskRun(path);
  if (saved.config.task !== task.name)
    throw new UserError(
      `${path} is a run of ${saved.config.task}: npm run task -- ${saved.config.task} --resume ${path}`,
    );
  const wanted = resumedOptions(saved, task.settings, free, given) as TrainingSettings;
  const parts = await assemble(task, wanted);
  const { settings, experiment } = parts;
  if (experiment.layout.size !== saved.config.parameters)
    throw new UserError(`${path} was trained with another network than this version makes; use that version`);
  if (saved.config.data !== undefined && experiment.data !== saved.config.data)
    throw new UserError(
      `${path} learned from ${saved.config.data}, and here is ${experiment.data}: ` +
        'give the folder of the same data by --data, or start a new run',
    );
  const kept = withKeptBests(saved);
  const checkpoint = kept.found?.content;
  if (checkpoint) {
    if (readTaskResult(path)?.updates === checkpoint.update) requireMore(path, checkpoint, settings, experiment);
    experiment.restore?.(checkpoint.experiment);
  }
  return session(parts, TaskRunFolder.resume(kept, { options: settings, versions: parts.versions }), kept);
}

/** @throws UserError if a run that has its result would make no further update */
function requireMore(path: string, done: TaskState, settings: ResolvedSettings, experiment: Experiment): void {
  const more = [
    ...(done.update >= (settings.updates ?? Infinity) ? ['--updates above that'] : []),
    ...(done.update >= updatesOfEpochs(settings, experiment) ? ['more --epochs'] : []),
  ];
  if (more.length > 0)
    throw new UserError(`${path} has made all its ${done.update} updates; to go on, give ${more.join(' and ')}`);
  if (settings.patience > 0 && done.withoutBetter >= settings.patience)
    throw new UserError(
      `${path} ended at update ${done.update}, after ${done.withoutBetter} evaluations without a better ` +
        'figure; to go on, give --patience above that, or 0',
    );
}

/**
 * The run with those of its best figures whose networks are still there. One that was replaced twice since the
 * checkpoint is not: that of a later update takes its place again when the run comes to it.
 * @throws UserError if one is missing
 */
function withKeptBests(saved: SavedTaskRun): SavedTaskRun {
  const { path, found } = saved;
  if (!found) return saved;
  const best = Object.fromEntries(
    Object.entries(found.content.best).filter(([name, { update }]) => {
      if (keepsBest(path, name, update)) return true;
      if (readBest(path, name)) return false;
      throw new UserError(
        `${path} lacks best-${name}.msgpack, its best network so far (of update ${update}): ` +
          'put it back from a copy, or start a new run',
      );
    }),
  );
  return { ...saved, found: { ...found, content: { ...found.content, best } } };
}

interface Parts {
  readonly settings: ResolvedSettings;
  readonly experiment: Experiment;
  readonly kernels: Kernels;
  /** Of what else than Node and this package decides the numbers. */
  readonly versions: Record<string, string>;
}

async function assemble(task: Task, wanted: TrainingSettings): Promise<Parts> {
  checkCore(wanted);
  const settings = withThreads(wanted);
  const { threads, device, precision } = settings;
  await loadTensorFlow({ threads, device });
  const kernels = selectKernels(settings.kernels, precision);
  const experiment = await task.open(settings, kernels);
  checkMemory(experiment.layout.size);
  return {
    settings,
    experiment,
    kernels,
    versions: { tensorflow: tensorflowVersion(), kernels: describeKernels(kernels) },
  };
}

function session({ settings, experiment, kernels }: Parts, folder: TaskRunFolder, saved?: SavedTaskRun): TaskSession {
  const checkpoint = saved?.found?.content;
  return {
    path: folder.path,
    ...(saved?.found?.note !== undefined && { note: saved.found.note }),
    settings,
    update: checkpoint?.update ?? 0,
    updates: totalUpdates(settings, experiment),
    deciding: `${experiment.selections[0].metric} of ${experiment.selections[0].set}`,
    train: (listening) =>
      trainTask({
        ...{ settings, experiment, kernels, folder },
        ...(checkpoint && { checkpoint }),
        ...listening,
      }),
    close: () => folder.close(),
  };
}
