import { z } from 'zod';

/** Games over which a score is averaged, as usual in the field. */
export const scoreWindow = 100;

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);

/** How a core without modules was active. Terms: docs/run-folder.md. */
const unitActivation = z.strictObject({ nearZero: share });

/** How a core made of modules was active; lists have one number per module. Terms: docs/run-folder.md. */
const moduleActivation = unitActivation.extend({
  modules: count,
  active: count,
  shares: z.array(share),
  attention: z.array(share),
  entropy: z.number(),
  swaps: z.number().min(0),
  neverChosen: z.array(count),
});

/** Of either kind of core. */
export const activation = z.union([moduleActivation, unitActivation]);

/** One line of episodes.jsonl: a finished game. */
export const episodeLine = z.object({
  env: count,
  seed: count,
  agentStep: count,
  score: z.number(),
  steps: count,
  frames: count,
  livesLost: count,
  truncated: z.boolean(),
  seconds: z.number().min(0),
  activation: activation.optional(),
});

/** A measured number; JSON holds null where it was not finite. */
const measured = z.number().nullable();

/** One line of metrics.jsonl: an update of the parameters. */
export const metricLine = z.object({
  update: count,
  agentStep: count,
  seconds: z.number().min(0),
  games: count,
  meanScore: measured,
  policyLoss: measured,
  valueLoss: measured,
  entropy: measured,
  approxKl: measured,
  clipFraction: measured,
  explainedVariance: measured,
  gradientNorm: measured,
  learningRate: measured,
  stepsPerSecond: measured,
  stages: z.record(z.string(), measured),
  memory: z.record(z.string(), measured),
  activation: activation.optional(),
});

export type ModuleActivation = z.infer<typeof moduleActivation>;
export type ActivationStatistics = z.infer<typeof activation>;
export type EpisodeLine = z.infer<typeof episodeLine>;
export type MetricLine = z.infer<typeof metricLine>;
