import type { Kernels } from '../../agents/kernels/index.ts';
import { loadTensorFlow, tensorflowVersion } from '../../agents/kernels/backend.ts';
import { describeKernels, selectKernels } from '../../agents/kernels/index.ts';
import { checkCore } from '../core-settings.ts';
import { UserError } from '../errors.ts';
import { defaultRunPath } from '../runs/index.ts';
import type { TaskProgress } from '../view/task-view.ts';
import { resumedOptions } from '../runs/resumed-options.ts';
import { readBest, readTaskResult, readTaskRun, type SavedTaskRun, TaskRunFolder } from '../runs/task-run.ts';
import { type ResolvedSettings, type TrainingSettings, withThreads } from './settings.ts';
import type { Experiment, Task } from './task.ts';
import { type TaskEnding, totalUpdates, trainTask } from './trainer.ts';

/** A task's run that is ready to train: data is loaded, the network is made, the folder is written. Close it. */
export interface TaskSession {
  readonly path: string;
  readonly settings: ResolvedSettings;
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
 * `threads`, `kernels` and `device` move the last bits of what is learned.
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
  const { checkpoint } = saved;
  if (experiment.layout.size !== checkpoint.parameters.length)
    throw new UserError(`${path} was trained with another network than this version makes; use that version`);
  if (saved.config.data !== undefined && experiment.data !== saved.config.data)
    throw new UserError(
      `${path} learned from ${saved.config.data}, and here is ${experiment.data}: ` +
        'give the folder of the same data by --data, or start a new run',
    );
  if (readTaskResult(path)?.updates === checkpoint.update) requireMore(saved, settings, experiment);
  experiment.restore?.(checkpoint.experiment);
  const kept = { ...saved, checkpoint: { ...checkpoint, best: keptBests(saved) } };
  return session(parts, TaskRunFolder.resume(kept, { options: settings, versions: parts.versions }), kept);
}

/** @throws UserError if a run that has its result would make no further update */
function requireMore({ path, checkpoint }: SavedTaskRun, settings: ResolvedSettings, experiment: Experiment): void {
  if (checkpoint.update >= totalUpdates(settings, experiment))
    throw new UserError(
      `${path} has made all its ${checkpoint.update} updates; to go on, give --updates above that` +
        (settings.epochs === undefined ? '' : ', or more --epochs'),
    );
  if (settings.patience > 0 && checkpoint.withoutBetter >= settings.patience)
    throw new UserError(
      `${path} ended at update ${checkpoint.update}, after ${checkpoint.withoutBetter} evaluations without a better ` +
        'figure; to go on, give --patience above that, or 0',
    );
}

/**
 * The best figures whose networks are still there. A run that was killed after a network was kept and before its
 * checkpoint has one of a later update, which takes its place again when the run comes to it.
 * @throws UserError if one is missing
 */
function keptBests({ path, checkpoint }: SavedTaskRun): SavedTaskRun['checkpoint']['best'] {
  return Object.fromEntries(
    Object.entries(checkpoint.best).filter(([name, { update }]) => {
      const best = readBest(path, name);
      if (!best)
        throw new UserError(
          `${path} lacks best-${name}.msgpack, its best network so far (of update ${update}): ` +
            'put it back from a copy, or start a new run',
        );
      return best.update === update;
    }),
  );
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
  return {
    settings,
    experiment,
    kernels,
    versions: { tensorflow: tensorflowVersion(), kernels: describeKernels(kernels) },
  };
}

function session({ settings, experiment, kernels }: Parts, folder: TaskRunFolder, saved?: SavedTaskRun): TaskSession {
  return {
    path: folder.path,
    settings,
    update: saved?.checkpoint.update ?? 0,
    updates: totalUpdates(settings, experiment),
    deciding: `${experiment.selections[0].metric} of ${experiment.selections[0].set}`,
    train: (listening) =>
      trainTask({
        ...{ settings, experiment, kernels, folder },
        ...(saved && { checkpoint: saved.checkpoint }),
        ...listening,
      }),
    close: () => folder.close(),
  };
}
