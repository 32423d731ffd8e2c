import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import type { Kernels } from '../../agents/kernels/index.ts';
import { newOptimiserState, Optimiser } from '../../agents/optimiser.ts';
import { Random } from '../../agents/random.ts';
import { UserError } from '../errors.ts';
import type { EvaluatedSet, EvaluationLine, TaskResult } from '../runs/task-lines.ts';
import { readBest, type TaskRunFolder, type TaskState } from '../runs/task-run.ts';
import type { TrainingSettings } from './settings.ts';
import type { Experiment, PartParameters, Selection } from './task.ts';

const emptyTally = { updates: 0, loss: 0, norm: 0 };
/** Updates between lines of metrics. */
const metricsEvery = 20;

/** What the screen is told. */
export interface TaskProgress {
  readonly update: number;
  /** Updates of the whole run, if it does not end before. */
  readonly updates: number;
  /** Passes over the data so far, of tasks that have a data set. */
  readonly epoch: number | undefined;
  /** Seconds of training since the run's start, of all the times it was started. */
  readonly seconds: number;
  readonly updatesPerSecond: number;
  /** Mean of the last updates; null before the first. */
  readonly loss: number | null;
  /** The last evaluation; undefined before the first. */
  readonly evaluation: EvaluationLine | undefined;
  /** The first selection's best figure so far. */
  readonly best: { readonly update: number; readonly value: number } | undefined;
}

export interface TaskTraining {
  readonly settings: TrainingSettings;
  readonly experiment: Experiment;
  readonly kernels: Kernels;
  readonly folder: TaskRunFolder;
  /** Where to go on; a new run if not given. */
  readonly checkpoint?: TaskState;
  readonly report: (progress: TaskProgress) => void;
  /** Once aborted, training stops after the update under way, with a checkpoint. */
  readonly signal: AbortSignal;
}

/** How a run was left: with its result, or stopped before. */
export interface TaskEnding {
  readonly progress: TaskProgress;
  readonly result: TaskResult | undefined;
}

/**
 * Updates that a run has at most.
 * @throws UserError if neither updates nor epochs say it
 */
export function totalUpdates({ updates, epochs }: TrainingSettings, { updatesPerEpoch }: Experiment): number {
  if (updates !== undefined) return updates;
  if (epochs === undefined || updatesPerEpoch === undefined) throw new UserError('give --updates');
  return epochs * updatesPerEpoch;
}

/**
 * Trains until all updates are done, the deciding figure has been no better for `patience` evaluations, or the signal
 * comes; then, unless it was the signal, tests the selected networks. Leaves all in the run folder.
 */
export async function trainTask(training: TaskTraining): Promise<TaskEnding> {
  const trainer = new TaskTrainer(training);
  try {
    return await trainer.run();
  } finally {
    trainer.dispose();
  }
}

class TaskTrainer {
  readonly #training: TaskTraining;
  readonly #random: Random;
  readonly #optimiser: Optimiser<string>;
  readonly #startedAt = performance.now();
  readonly #updates: number;
  readonly #evaluateEvery: number;
  #state: Pick<TaskState, 'update' | 'learningRate' | 'best' | 'withoutBetter' | 'tally'>;
  readonly #secondsBefore: number;
  #loggedAt = this.#startedAt;
  #progress: TaskProgress;

  constructor(training: TaskTraining) {
    const { settings, experiment, kernels, checkpoint } = training;
    this.#training = training;
    this.#updates = totalUpdates(settings, experiment);
    this.#evaluateEvery = settings.evaluateEvery ?? experiment.updatesPerEpoch ?? this.#updates;
    this.#random = new Random(settings.seed);
    if (checkpoint) {
      this.#random.restore(checkpoint.random.run);
      experiment.restore?.(checkpoint.experiment);
    }
    const start = checkpoint ?? newOptimiserState(experiment.layout, this.#random);
    this.#optimiser = new Optimiser(experiment.layout, kernels, settings, start);
    this.#secondsBefore = checkpoint?.seconds ?? 0;
    const { update = 0, learningRate = settings.learningRate, best = {}, withoutBetter = 0 } = checkpoint ?? {};
    this.#state = { update, learningRate, best, withoutBetter, tally: checkpoint?.tally ?? emptyTally };
    this.#progress = {
      ...{ update: this.#state.update, updates: this.#updates, epoch: this.#epoch(), seconds: this.#secondsBefore },
      ...{ updatesPerSecond: 0, loss: null, evaluation: undefined, best: this.#firstBest() },
    };
  }

  async run(): Promise<TaskEnding> {
    const { settings, signal, folder } = this.#training;
    if (this.#state.update === 0) this.#save(); // so that even a run stopped at once can go on
    let saved = this.#state.update;
    while (this.#state.update < this.#updates && !this.#isOutOfPatience() && !signal.aborted) {
      this.#updateOnce();
      const { update } = this.#state;
      const evaluates = update % this.#evaluateEvery === 0 || update === this.#updates;
      if (evaluates) this.#evaluate();
      if (evaluates || update % settings.checkpointEvery === 0) {
        this.#save();
        saved = update;
      }
      await eventLoopTurn(); // so that signals are heard
    }
    if (saved !== this.#state.update) this.#save();
    folder.flush();
    const ended = signal.aborted ? undefined : this.#isOutOfPatience() ? 'patience' : 'budget';
    const result = ended && this.#test(ended);
    return { progress: this.#progress, result };
  }

  dispose(): void {
    this.#optimiser.dispose();
  }

  #updateOnce(): void {
    const { experiment } = this.#training;
    const batch = experiment.nextBatch(this.#random);
    const dropoutSeed = this.#random.integer(2 ** 32);
    const step = this.#optimiser.step(
      (parameters) => experiment.loss(parameters, batch, dropoutSeed),
      this.#state.learningRate,
    );
    const { tally } = this.#state;
    this.#state.update += 1;
    this.#state.tally = { updates: tally.updates + 1, loss: tally.loss + step.loss, norm: tally.norm + step.norm };
    if (this.#state.tally.updates === metricsEvery) this.#log();
  }

  /** A line of metrics: means since the last. */
  #log(): void {
    const { update, tally, learningRate } = this.#state;
    const { folder, report } = this.#training;
    const now = performance.now();
    const updatesPerSecond = (1000 * tally.updates) / (now - this.#loggedAt);
    this.#loggedAt = now;
    this.#state.tally = emptyTally;
    const [epoch, seconds, loss] = [this.#epoch(), this.#seconds(), tally.loss / tally.updates];
    const { rss, heapUsed } = process.memoryUsage();
    const memory = { rssBytes: rss, heapBytes: heapUsed, tensors: tf.memory().numTensors };
    const gradientNorm = tally.norm / tally.updates;
    const about = { update, ...(epoch !== undefined && { epoch }), seconds };
    folder.metric({ ...about, loss, gradientNorm, learningRate, updatesPerSecond, memory });
    folder.flush();
    this.#progress = { ...this.#progress, update, epoch, seconds, updatesPerSecond, loss };
    report(this.#progress);
  }

  #evaluate(): void {
    const { experiment, settings, folder, report } = this.#training;
    const started = performance.now();
    const sets = Object.fromEntries(
      experiment.validation.map((set) => [set, experiment.evaluate(this.#optimiser.parameters, set)]),
    );
    const { update, learningRate } = this.#state;
    const best = experiment.selections.filter((selection, i) => this.#select(selection, sets, i === 0));
    if (this.#state.withoutBetter > 0) this.#state.learningRate *= settings.plateauDecay;
    const [epoch, seconds] = [this.#epoch(), this.#seconds()];
    const about = { update, ...(epoch !== undefined && { epoch }), seconds };
    const line: EvaluationLine = { ...about, learningRate, sets, best: best.map(({ name }) => name) };
    folder.evaluation(line);
    this.#progress = { ...this.#progress, update, epoch, seconds, evaluation: line, best: this.#firstBest() };
    report(this.#progress);
    this.#loggedAt += performance.now() - started; // speed is that of updates alone
  }

  /** Keeps the network if it is the best so far by a selection. @param decides whether patience goes by it */
  #select(selection: Selection, sets: Readonly<Record<string, EvaluatedSet>>, decides: boolean): boolean {
    const value = figure(sets, selection);
    const before = this.#state.best[selection.name]?.value;
    const gain = before === undefined ? Infinity : selection.best === 'low' ? before - value : value - before;
    if (decides) this.#state.withoutBetter = gain > this.#training.settings.minGain ? 0 : this.#state.withoutBetter + 1;
    if (!(gain > 0)) return false;
    const { update } = this.#state;
    this.#state.best = { ...this.#state.best, [selection.name]: { update, value } };
    const { parameters } = this.#optimiser.state();
    this.#training.folder.saveBest(selection.name, { update, value, parameters });
    return true;
  }

  #isOutOfPatience(): boolean {
    const { patience } = this.#training.settings;
    return patience > 0 && this.#state.withoutBetter >= patience;
  }

  /** Tests each selected network on the sets that were held back, and keeps an example of the first's. */
  #test(ended: TaskResult['ended']): TaskResult {
    const { experiment, folder } = this.#training;
    const selections: TaskResult['selections'] = {};
    const tested = new Map<string, EvaluatedSet>(); // several selections may have chosen the same network
    for (const [i, { name, set, metric, tests }] of experiment.selections.entries()) {
      const best = readBest(folder.path, name);
      if (!best)
        throw new UserError(`${folder.path} has no evaluation by ${name}; go on with --updates above its last`);
      this.#with(best.parameters, (parameters) => {
        const figures = tests.map((test): [string, EvaluatedSet] => {
          const key = `${best.update} ${test}`;
          const evaluated = tested.get(key) ?? experiment.evaluate(parameters, test);
          tested.set(key, evaluated);
          return [test, evaluated];
        });
        const { update, value } = best;
        selections[name] = { update, set, metric, value, tests: Object.fromEntries(figures) };
        if (i === 0) folder.sample(experiment.sample(parameters));
      });
    }
    const result = { ended, updates: this.#state.update, seconds: this.#seconds(), selections };
    folder.result(result);
    return result;
  }

  /** Does something with other parameters than the current ones. */
  #with(flat: Float32Array, work: (parameters: PartParameters) => void): void {
    const { layout } = this.#training.experiment;
    const vector = tf.tensor1d(flat);
    const tensors = layout.split(vector);
    try {
      work(layout.named(tensors));
    } finally {
      tf.dispose([vector, tensors]);
    }
  }

  #save(): void {
    const { experiment, folder } = this.#training;
    folder.saveCheckpoint({
      ...this.#optimiser.state(),
      ...this.#state,
      random: { run: this.#random.save() },
      seconds: this.#seconds(),
      experiment: experiment.save?.() ?? null,
    });
    folder.log.info({ update: this.#state.update, gradientNorms: this.#optimiser.gradientNorms() }, 'checkpoint saved');
  }

  #firstBest(): { update: number; value: number } | undefined {
    return this.#state.best[this.#training.experiment.selections[0].name];
  }

  #epoch(): number | undefined {
    const { updatesPerEpoch } = this.#training.experiment;
    return updatesPerEpoch === undefined ? undefined : this.#state.update / updatesPerEpoch;
  }

  /** Seconds so far, of all the times the run was started. */
  #seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#startedAt) / 1000;
  }
}

/** The figure by which a selection decides. */
function figure(sets: Readonly<Record<string, EvaluatedSet>>, { set, metric }: Selection): number {
  const value = sets[set]?.metrics[metric];
  if (typeof value !== 'number') throw new Error(`no figure ${metric} of ${set}`);
  return value;
}
