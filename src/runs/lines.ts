import { z } from 'zod';
import { activation } from '../activation/forms.ts';

/** Games over which a score is averaged, as usual in the field. */
export const scoreWindow = 100;

const count = z.number().int().min(0);

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

export type EpisodeLine = z.infer<typeof episodeLine>;
export type MetricLine = z.infer<typeof metricLine>;
