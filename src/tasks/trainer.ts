import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import type { Kernels } from '../../agents/kernels/index.ts';
import { newOptimiserState, Optimiser } from '../../agents/optimiser.ts';
import { Random } from '../../agents/random.ts';
import { logMessages } from '../runs/file-names.ts';
import type { EvaluatedSet, EvaluationLine, TaskResult } from '../runs/task-lines.ts';
import type { TaskRunFolder, TaskState } from '../runs/task-run.ts';
import type { TaskProgress } from './progress.ts';
import type { TrainingSettings } from './settings.ts';
import type { Experiment, Selection } from './task.ts';
import { testSelected } from './testing.ts';

const emptyTally = { updates: 0, loss: 0, norm: 0 };
/** Updates between lines of metrics. */
const metricsEvery = 20;

export interface TaskTraining {
  readonly settings: TrainingSettings;
  readonly experiment: Experiment;
  readonly kernels: Kernels;
  readonly folder: TaskRunFolder;
  /** Where to go on, with the experiment restored; a new run if not given. */
  readonly checkpoint?: TaskState;
  readonly report: (progress: TaskProgress) => void;
  /** Once aborted, training stops after the update or evaluation under way, with a checkpoint; tests after a set. */
  readonly signal: AbortSignal;
}

/** How a run was left: with its result, or stopped before. */
export interface TaskEnding {
  readonly progress: TaskProgress;
  readonly result: TaskResult | undefined;
}

/** Updates that a run has at most: every task has updates or epochs, and a run may have been given both. */
export function totalUpdates(settings: TrainingSettings, experiment: Experiment): number {
  const most = Math.min(settings.updates ?? Infinity, updatesOfEpochs(settings, experiment));
  if (most === Infinity) throw new Error('a task has updates or epochs');
  return most;
}

/** Updates in the epochs that a run has at most; no bound where its task has none. */
export function updatesOfEpochs({ epochs }: TrainingSettings, { updatesPerEpoch }: Experiment): number {
  return epochs === undefined || updatesPerEpoch === undefined ? Infinity : epochs * updatesPerEpoch;
}

/**
 * Trains until all updates are done, the deciding figure has been no better for `patience` evaluations, or the signal
 * comes; then, unless the signal has come, tests the selected networks. Leaves all in the run folder. A run that was
 * stopped before its result has one may go on, if only with the tests.
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
  #state: Pick<TaskState, 'update' | 'learningRate' | 'best' | 'reference' | 'withoutBetter' | 'tally'>;
  readonly #secondsBefore: number;
  #loggedAt = this.#startedAt;
  /** The update at `loggedAt`. A resumed run's tally has updates from before it, whose time has not been measured. */
  #loggedUpdate: number;
  #progress: TaskProgress;

  constructor(training: TaskTraining) {
    const { settings, experiment, kernels, checkpoint } = training;
    this.#training = training;
    this.#updates = totalUpdates(settings, experiment);
    this.#evaluateEvery = settings.evaluateEvery ?? experiment.updatesPerEpoch ?? this.#updates;
    this.#random = new Random(settings.seed);
    if (checkpoint) this.#random.restore(checkpoint.random.run);
    const start = checkpoint ?? newOptimiserState(experiment.layout, this.#random);
    this.#optimiser = new Optimiser(experiment.layout, kernels, settings, start);
    this.#secondsBefore = checkpoint?.seconds ?? 0;
    const { update = 0, learningRate = settings.learningRate, best = {}, withoutBetter = 0 } = checkpoint ?? {};
    // Checkpoints of older versions have no reference: patience went by the best figure.
    const { reference = best[experiment.selections[0].name]?.value, tally = emptyTally } = checkpoint ?? {};
    this.#state = { update, learningRate, best, ...(reference !== undefined && { reference }), withoutBetter, tally };
    this.#loggedUpdate = update;
    this.#progress = {
      ...{ ...this.#reached(), updates: this.#updates },
      ...{ updatesPerSecond: 0, loss: null, evaluation: undefined, best: this.#firstBest(), sets: undefined },
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
      if (evaluates) await this.#evaluate();
      if (evaluates || update % settings.checkpointEvery === 0) {
        this.#save();
        saved = update;
      }
      await eventLoopTurn(); // so that signals are heard
    }
    if (saved !== this.#state.update) this.#save();
    folder.flush();
    const hasEnded = this.#isOutOfPatience() || this.#state.update >= this.#updates;
    const result = hasEnded && !signal.aborted ? await this.#test() : undefined;
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
    const updatesPerSecond = (1000 * (update - this.#loggedUpdate)) / (now - this.#loggedAt);
    [this.#loggedAt, this.#loggedUpdate] = [now, update];
    this.#state.tally = emptyTally;
    const [about, loss] = [this.#reached(), tally.loss / tally.updates];
    const { rss, heapUsed } = process.memoryUsage();
    const memory = { rssBytes: rss, heapBytes: heapUsed, tensors: tf.memory().numTensors };
    const gradientNorm = tally.norm / tally.updates;
    folder.metric({ ...about, loss, gradientNorm, learningRate, updatesPerSecond, memory });
    folder.flush();
    this.#progress = { ...this.#progress, ...about, updatesPerSecond, loss, sets: undefined };
    report(this.#progress);
  }

  async #evaluate(): Promise<void> {
    const { experiment, settings, folder, report } = this.#training;
    const started = performance.now();
    const sets: Record<string, EvaluatedSet> = {};
    for (const [i, set] of experiment.validation.entries()) {
      sets[set] = experiment.evaluate(this.#optimiser.parameters, set);
      await this.#tell('evaluation', i + 1, experiment.validation.length);
    }
    const { learningRate } = this.#state;
    const best = experiment.selections.filter((selection, i) => this.#select(selection, sets, i === 0));
    if (this.#state.withoutBetter > 0) this.#state.learningRate *= settings.plateauDecay;
    const about = this.#reached();
    const line: EvaluationLine = { ...about, learningRate, sets, best: best.map(({ name }) => name) };
    folder.evaluation(line);
    this.#progress = { ...this.#progress, ...about, sets: undefined, evaluation: line, best: this.#firstBest() };
    report(this.#progress);
    this.#loggedAt += performance.now() - started; // speed is that of updates alone
  }

  /**
   * Keeps the network if it is the best so far by a selection. A figure that is not finite is never the best.
   * @param decides whether patience goes by it
   */
  #select(selection: Selection, sets: Readonly<Record<string, EvaluatedSet>>, decides: boolean): boolean {
    const { name, best: sense } = selection;
    const value = figure(sets, selection);
    const gain = (before: number | undefined): number => {
      if (!Number.isFinite(value)) return -Infinity;
      if (before === undefined) return Infinity;
      return sense === 'low' ? before - value : value - before;
    };
    if (decides) {
      // Measured from where patience began, so that many small gains are one large one in the end.
      const isBetter = gain(this.#state.reference) > this.#training.settings.minGain;
      if (isBetter) this.#state.reference = value;
      this.#state.withoutBetter = isBetter ? 0 : this.#state.withoutBetter + 1;
    }
    if (!(gain(this.#state.best[name]?.value) > 0)) return false;
    const { update } = this.#state;
    this.#state.best = { ...this.#state.best, [name]: { update, value } };
    const { parameters } = this.#optimiser.state();
    this.#training.folder.saveBest(name, { update, value, parameters });
    return true;
  }

  #isOutOfPatience(): boolean {
    const { patience } = this.#training.settings;
    return patience > 0 && this.#state.withoutBetter >= patience;
  }

  /** The run's result; none if the signal comes before the last set is done. */
  async #test(): Promise<TaskResult | undefined> {
    const { experiment, folder, signal } = this.#training;
    const tested = await testSelected(experiment, folder.path, this.#state.best, async (done, all) => {
      await this.#tell('test', done, all);
      return !signal.aborted;
    });
    if (!tested) return undefined;
    const ended = this.#isOutOfPatience() ? 'patience' : 'budget';
    const { selections, sample } = tested;
    const result: TaskResult = { ended, updates: this.#state.update, seconds: this.#seconds(), selections };
    folder.sample(sample);
    folder.result(result);
    return result;
  }

  /** Tells that a set is done, and hears signals. */
  async #tell(of: 'evaluation' | 'test', done: number, all: number): Promise<void> {
    this.#progress = { ...this.#progress, update: this.#state.update, sets: { of, done, all } };
    this.#training.report(this.#progress);
    await eventLoopTurn();
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
    folder.log.info({ update: this.#state.update, gradientNorms: this.#optimiser.gradientNorms() }, logMessages.saved);
  }

  #firstBest(): { update: number; value: number } | undefined {
    return this.#state.best[this.#training.experiment.selections[0].name];
  }

  /** How far the run is, as its lines say it. */
  #reached(): { update: number; epoch?: number; seconds: number } {
    const { updatesPerEpoch } = this.#training.experiment;
    const { update } = this.#state;
    return { update, ...(updatesPerEpoch && { epoch: update / updatesPerEpoch }), seconds: this.#seconds() };
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
