import { existsSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { replaceFile } from '../runs/disk.ts';
import { readJson } from '../runs/json-files.ts';
import { activation } from '../runs/lines.ts';
import { interval } from '../statistics/interval.ts';

const count = z.number().int().min(0);

/** evaluation.json: whole games of a frozen agent. docs/evaluate.md defines the terms. */
const evaluation = z.strictObject({
  format: z.literal(1),
  /** ISO 8601, UTC. */
  created: z.string(),
  /** What was typed. */
  command: z.string(),
  agent: z.strictObject({
    path: z.string(),
    /** Of the weights. */
    sha256: z.string(),
    agentStep: count,
    update: count,
    core: z.string(),
    parameters: count,
  }),
  game: z.string(),
  /** The preprocessing in one line, as it was in these games. */
  recipe: z.string(),
  protocol: z.strictObject({
    episodes: count,
    seed: count,
    greedy: z.boolean(),
    preset: z.string(),
    /** All options of the environment. */
    settings: z.record(z.string(), z.unknown()),
  }),
  summary: z.strictObject({
    mean: z.number(),
    median: z.number(),
    /** Sample standard deviation; null of a single game. */
    deviation: z.number().nullable(),
    lowest: z.number(),
    highest: z.number(),
    /** Interquartile mean. */
    iqm: interval,
    /** Of the mean score: 0 is random play, 1 a human; null for games without published scores. */
    humanNormalised: z.number().nullable(),
    meanSteps: z.number(),
    truncated: count,
    activation,
  }),
  games: z.array(
    z.strictObject({
      index: count,
      seed: count,
      score: z.number(),
      steps: count,
      frames: count,
      livesLost: count,
      truncated: z.boolean(),
      activation,
    }),
  ),
  versions: z.record(z.string(), z.string()),
});

export type Evaluation = z.infer<typeof evaluation>;

/** @throws UserError if it cannot be written */
export function writeEvaluation(file: string, content: Evaluation): void {
  replaceFile(file, [`${JSON.stringify(content, null, 2)}\n`]);
}

/** @throws UserError if there is none, or it is damaged or of another version */
export function readEvaluation(file: string): Evaluation {
  if (!existsSync(file)) throw new UserError(`no file ${file}; make it by npm run evaluate`);
  return readJson(file, evaluation);
}
