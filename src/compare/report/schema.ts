import { z } from 'zod';
import { interval } from '../../statistics/interval.ts';

const run = z.object({
  path: z.string(),
  game: z.string(),
  seed: z.number(),
  /** What is compared, in the game's points, and on the scale of the comparison. */
  score: z.number(),
  scaled: z.number(),
  /** Mean score of the last 100 games of training. */
  training: z.number(),
});

const modules = z.object({
  path: z.string(),
  /** Over the last 100 games, steps counting alike; one number per module. */
  shares: z.array(z.number()),
  /** Mean over steps of the attention to the input, 0 to 1. */
  attention: z.array(z.number()),
  /** Of the shares, in nats. */
  entropy: z.number(),
  /** Modules that became active, per agent step. */
  swaps: z.number(),
  /** Numbers of modules, from 0. */
  neverChosen: z.array(z.number()),
});

const cost = z.object({
  /** Agent steps per second: median of the rounds, and each round. */
  stepsPerSecond: z.number(),
  rounds: z.array(z.number()),
  /** How many times as fast as the first arm: median of the rounds' ratios. */
  ratio: z.number(),
});

const arm = z.object({
  name: z.string(),
  core: z.string(),
  /** Settings in which the arms differ, as far as this one has them. */
  settings: z.record(z.string(), z.unknown()),
  /** Of the network in the first game. */
  parameters: z.number(),
  /** Of one agent step of one environment. */
  multiplyAdds: z.number(),
  /** Of what the core gives the heads. */
  width: z.number(),
  runs: z.array(run),
  /** IQM and mean over runs of the raw scores in each game. */
  games: z.array(z.object({ game: z.string(), iqm: interval, mean: z.number() })),
  /** Over all games, of scaled scores; null where no scale holds for all games. */
  aggregates: z
    .object({ iqm: interval, median: interval, mean: interval, optimalityGap: interval.nullable() })
    .nullable(),
  profile: z.array(z.object({ threshold: z.number(), ...interval.shape })),
  modules: z.array(modules),
  cost: cost.nullable(),
});

const curve = z.object({
  arm: z.string(),
  /** Null for the scaled scores of all games together. */
  game: z.string().nullable(),
  /** IQM over the runs of the mean score of their last 100 games. */
  points: z.array(z.object({ agentStep: z.number(), ...interval.shape })),
});

/** report.json of a comparison. */
export const comparisonReport = z.object({
  format: z.literal(2),
  command: z.string(),
  /** What a run's score is, in words. */
  measure: z.string(),
  /** What scores of all games are put together as: as they are, human-normalised, or not at all. */
  scale: z.enum(['raw', 'human', 'none']),
  games: z.array(z.string()),
  /** Agent steps of each run, over all its environments. */
  steps: z.number(),
  bootstrap: z.object({ repetitions: z.number(), confidence: z.number(), seed: z.number() }),
  verdict: z.object({ sentence: z.string(), leader: z.string(), second: z.string(), sure: z.boolean() }),
  arms: z.array(arm),
  /** Probability that a run of `arm` has a higher score than one of `over` in the same game. */
  improvement: z.array(z.object({ arm: z.string(), over: z.string(), probability: interval })),
  curves: z.array(curve),
  /** When (ISO 8601, UTC) and on what the costs were measured; null where they were not. */
  measured: z.object({ created: z.string(), processor: z.string() }).nullable(),
  /** What must be known to judge the figures, a sentence each. */
  notes: z.array(z.string()),
  /** What all runs share, and what made them. */
  shared: z.array(z.string()),
});

export type ComparisonReport = z.infer<typeof comparisonReport>;
export type ReportedArm = z.infer<typeof arm>;
export type ReportedCurve = z.infer<typeof curve>;
export type Cost = z.infer<typeof cost>;
