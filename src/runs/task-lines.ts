import { z } from 'zod';
import { activation } from '../activation/forms.ts';

const count = z.number().int().min(0);
/** A measured number; JSON holds null where it was not finite. */
const measured = z.number().nullable();
/** A figure, or a figure per step or position; by name. */
const metrics = z.record(z.string(), z.union([measured, z.array(measured)]));

/** What a network did on one set. Terms of activation: docs/run-folder.md. */
const evaluatedSet = z.object({ metrics, activation: activation.optional() });

/** One line of metrics.jsonl of a task: means over the updates since the line before. */
export const taskMetricLine = z.object({
  update: count,
  /** Passes over the data; only of tasks with a data set. */
  epoch: z.number().optional(),
  seconds: z.number().min(0),
  loss: measured,
  /** Global norm of the gradient before clipping. */
  gradientNorm: measured,
  learningRate: measured,
  updatesPerSecond: measured,
  memory: z.record(z.string(), measured),
});

/** One line of evaluations.jsonl: the network as it was after some update, on sets that it does not learn from. */
export const evaluationLine = z.object({
  update: count,
  epoch: z.number().optional(),
  seconds: z.number().min(0),
  learningRate: measured,
  sets: z.record(z.string(), evaluatedSet),
  /** Ways of selection for which this network is the best so far. */
  best: z.array(z.string()),
});

/** result.json: the selected networks on the sets that are held back until the end. */
export const taskResult = z.object({
  /** Why training ended: all updates done, or no better for too long. */
  ended: z.enum(['budget', 'patience']),
  updates: count,
  seconds: z.number().min(0),
  selections: z.record(
    z.string(),
    z.object({
      /** Of which update the network is, and the figure by which it was selected. */
      update: count,
      set: z.string(),
      metric: z.string(),
      value: measured,
      tests: z.record(z.string(), evaluatedSet),
    }),
  ),
});

export type EvaluatedSet = z.infer<typeof evaluatedSet>;
export type TaskMetricLine = z.infer<typeof taskMetricLine>;
export type EvaluationLine = z.infer<typeof evaluationLine>;
export type TaskResult = z.infer<typeof taskResult>;
