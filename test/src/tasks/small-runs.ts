import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  readEvaluations,
  readSample,
  readTaskMetrics,
  readTaskResult,
  readTaskRun,
} from '../../../src/runs/task-run.ts';
import { tasks } from '../../../src/tasks/index.ts';
import { newTaskSession, type TaskSession } from '../../../src/tasks/session.ts';
import type { TrainingSettings } from '../../../src/tasks/settings.ts';
import type { Experiment, Task } from '../../../src/tasks/task.ts';
import type { TaskProgress } from '../../../src/tasks/progress.ts';
import { temporaryFolder } from '../runs/samples.ts';

/** Settings of a run that takes a second. */
export const small = {
  ...{ modules: 2, units: 4, active: 1, batch: 4, embedding: 3, trainLength: 3, testLengths: '5' },
  ...{ commHeads: 1, commKey: 2, commValue: 2, inputKey: 2 },
  ...{ updates: 45, evaluateEvery: 10, patience: 0, threads: 1 },
};

export function taskNamed(name: string): Task {
  return tasks.find((task) => task.name === name) as Task;
}

/** Those of the given settings that the task has, and its defaults. */
export function settingsOf(task: Task, given: Record<string, unknown>): TrainingSettings {
  const known = Object.entries(given).filter(([key]) => key in task.settings.shape);
  return task.settings.parse(Object.fromEntries(known)) as unknown as TrainingSettings;
}

/** A task whose experiments are changed before they are trained. */
export function altered(task: Task, change: (experiment: Experiment) => void): Task {
  return {
    ...task,
    async open(settings, kernels) {
      const experiment = await task.open(settings, kernels);
      change(experiment);
      return experiment;
    },
  };
}

/** Trains and closes. @param stopAt whether the run is to be stopped once it tells this */
export async function finish(session: TaskSession, stopAt: (progress: TaskProgress) => boolean = () => false) {
  const stop = new AbortController();
  const told: TaskProgress[] = [];
  try {
    const ending = await session.train({
      report(progress) {
        told.push(progress);
        if (stopAt(progress)) stop.abort();
      },
      signal: stop.signal,
    });
    return { ...ending, told };
  } finally {
    session.close();
  }
}

/** A new run in a folder that is gone after the test. @returns its folder */
export async function train(
  context: TestContext,
  given: Record<string, unknown>,
  task: Task = taskNamed('copying'),
  stopAt?: (progress: TaskProgress) => boolean,
): Promise<string> {
  const path = join(temporaryFolder(context), 'run');
  await finish(await newTaskSession(task, settingsOf(task, { ...small, ...given }), 'test', path), stopAt);
  return path;
}

/** The checkpoint with which a run would go on. */
export function taskCheckpoint(path: string) {
  const { found } = readTaskRun(path);
  assert.ok(found);
  return found.content;
}

/** What a run has learned and told, but for times and memory. */
export function learned(path: string) {
  const { seconds: _, fileLengths: __, created: ___, ...checkpoint } = taskCheckpoint(path);
  return {
    ...checkpoint,
    metrics: readTaskMetrics(path).map((line) => ({ ...line, seconds: 0, updatesPerSecond: 0, memory: {} })),
    evaluations: readEvaluations(path).map((line) => ({ ...line, seconds: 0 })),
    result: { ...readTaskResult(path), seconds: 0 },
    sample: readSample(path),
  };
}
