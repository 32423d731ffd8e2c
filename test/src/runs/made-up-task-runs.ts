import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { EvaluationLine, TaskResult } from '../../../src/runs/task-lines.ts';
import { TaskRunFolder } from '../../../src/runs/task-run.ts';
import { tasks } from '../../../src/tasks/index.ts';
import { temporaryFolder } from './samples.ts';

type Figures = Readonly<Record<string, number | number[]>>;

/** What a made-up run says; what it leaves out is usual. */
interface MadeUp {
  readonly task?: string;
  /** Beside the task's defaults. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** By way of selection: the figure that decided, and the metrics of each tested set. None: the run has not ended. */
  readonly tests?: Readonly<Record<string, { value: number; sets: Readonly<Record<string, Figures>> }>>;
  readonly ended?: TaskResult['ended'];
  /** Metrics of each set, one evaluation per 100 updates. */
  readonly evaluations?: readonly Readonly<Record<string, Figures>>[];
  readonly updatesPerEpoch?: number;
  /** What it learned from. */
  readonly data?: string;
  readonly sample?: unknown;
}

/** A folder in which a test puts made-up runs. */
export class MadeUpRuns {
  readonly path: string;
  #count = 0;

  constructor(context: TestContext) {
    this.path = temporaryFolder(context);
  }

  /** Writes a run. @returns its folder */
  add(run: MadeUp): string {
    const {
      task = 'copying',
      options = {},
      tests,
      ended = 'budget',
      evaluations = [],
      updatesPerEpoch,
      data,
      sample,
    } = run;
    const path = join(this.path, `run-${this.#count++}`);
    const folder = TaskRunFolder.create(path, {
      ...{
        command: `npm run task -- ${task}`,
        task,
        parameters: 1000,
        versions: {},
        ...(data !== undefined && { data }),
      },
      options: { ...tasks.find(({ name }) => name === task)?.settings.parse({}), ...options },
    });
    for (const [i, sets] of evaluations.entries()) folder.evaluation(evaluation(100 * (i + 1), sets, updatesPerEpoch));
    folder.close();
    if (sample !== undefined) folder.sample(sample);
    if (tests) folder.result(resultOf(tests, ended, 100 * evaluations.length));
    return path;
  }

  /** Runs of copying that reached these figures on 200 steps, with seeds 1, 2, ... */
  copying(figures: readonly number[], options: Readonly<Record<string, unknown>> = {}): string[] {
    return figures.map((lastTen, i) =>
      this.add({
        options: { seed: i + 1, ...options },
        evaluations: [{ validation: { lastTen: 0.2 }, 'length-200': { lastTen } }],
        tests: { validation: { value: 0.2, sets: { 'test-50': { lastTen: 0.25 }, 'test-200': { lastTen } } } },
      }),
    );
  }
}

function evaluation(
  update: number,
  sets: Readonly<Record<string, Figures>>,
  updatesPerEpoch: number | undefined,
): EvaluationLine {
  return {
    update,
    ...(updatesPerEpoch !== undefined && { epoch: update / updatesPerEpoch }),
    ...{ seconds: update, learningRate: 0.001, best: [] },
    sets: Object.fromEntries(Object.entries(sets).map(([set, metrics]) => [set, { metrics: { ...metrics } }])),
  };
}

function resultOf(tests: NonNullable<MadeUp['tests']>, ended: TaskResult['ended'], updates: number): TaskResult {
  return {
    ...{ ended, updates, seconds: updates },
    selections: Object.fromEntries(
      Object.entries(tests).map(([name, { value, sets }]) => [
        name,
        {
          ...{ update: updates, set: 'validation', metric: 'any', value },
          tests: Object.fromEntries(Object.entries(sets).map(([set, metrics]) => [set, { metrics: { ...metrics } }])),
        },
      ]),
    ),
  };
}
