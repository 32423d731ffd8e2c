import type * as tf from '@tensorflow/tfjs';
import type { z } from 'zod';
import type { Kernels } from '../../agents/kernels/index.ts';
import type { ParameterLayout, Parameters } from '../../agents/parameters.ts';
import type { Random } from '../../agents/random.ts';
import type { EvaluatedSet } from '../runs/task-lines.ts';
import type { TrainingSettings } from './settings.ts';

/** A network's parameters, part by part. */
export type PartParameters<Part extends string = string> = Readonly<Record<Part, Parameters>>;

/** The parts that every sequence task's network has. */
export type SequencePart = 'encoder' | 'core' | 'decoder';
export type SequenceParameters = PartParameters<SequencePart>;

/** A way to choose the network that counts, out of those that were evaluated while training. */
export interface Selection {
  readonly name: string;
  /** The figure that decides: a metric of a set that is evaluated regularly. */
  readonly set: string;
  readonly metric: string;
  readonly best: 'low' | 'high';
  /** Sets on which the chosen network is tested, after training alone. */
  readonly tests: readonly string[];
}

/** A task with its data and a network for it, ready to train. */
export interface Experiment<Batch = unknown, Part extends string = SequencePart> {
  /** Of all parameters: the core's and those around it. */
  readonly layout: ParameterLayout<Part>;
  /** Updates in one pass over the data, of tasks that have a data set. */
  readonly updatesPerEpoch?: number;
  /** Of tasks with a data set: what it is and how much, and a hash of it, by which other data are noticed. */
  readonly data?: string;
  /** Sets that are evaluated while training. */
  readonly validation: readonly string[];
  /** The first decides when training ends early and when the learning rate falls. */
  readonly selections: readonly [Selection, ...Selection[]];
  /** Draws the next batch: arrays, no tensors. Called once per update. */
  nextBatch(random: Random): Batch;
  /**
   * The mean loss of a batch, differentiable with respect to the parameters. Called inside `tf.tidy`, on a tape.
   * Once per batch: a task that carries states takes them on.
   * @param dropoutSeed 32 bits that decide what is dropped
   */
  loss(parameters: PartParameters<Part>, batch: Batch, dropoutSeed: number): tf.Scalar;
  /** The network on one of the sets. Leaves no tensor behind. */
  evaluate(parameters: PartParameters<Part>, set: string): EvaluatedSet;
  /** One example for the figures, of what JSON can hold: a sequence, what was made of it, which modules were active. */
  sample(parameters: PartParameters<Part>): unknown;
  /** What beside parameters and random generator must be kept to go on exactly: carried states, the place in a text. */
  save?(): unknown;
  /** @throws UserError if it is not what {@link Experiment.save} gave */
  restore?(saved: unknown): void;
}

/** A task that `npm run task` knows. */
export interface Task {
  readonly name: string;
  /** One line for the list. */
  readonly summary: string;
  /** Every setting of a run: flags, `--help`, validation and config.json come from this table. */
  readonly settings: z.ZodObject;
  /** Of tasks with a data set: what it learns from where its user says nothing; config.json has this and a hash. */
  readonly usualData?: string;
  /**
   * Loads the data and makes the network.
   * @param settings as the table parsed them
   * @throws UserError for what the user can mend
   */
  open(settings: TrainingSettings, kernels: Kernels): Promise<Experiment>;
}
