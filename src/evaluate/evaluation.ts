import { existsSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { replaceFile } from '../runs/disk.ts';
import { processor } from '../runs/config.ts';
import { parsedJson, readJson } from '../runs/json-files.ts';
import { activation } from '../activation/forms.ts';
import { interval } from '../statistics/interval.ts';

const format = 2;

const count = z.number().int().min(0);

/** evaluation.json: whole games of a frozen agent. docs/evaluate.md defines the terms. */
const evaluation = z.strictObject({
  format: z.literal(format),
  /** ISO 8601, UTC. */
  created: z.string(),
  /** What was typed. */
  command: z.string(),
  agent: z.strictObject({
    path: z.string(),
    /** Of what it learned, as in weights.safetensors. */
    sha256: z.string(),
    /** Agent steps and updates that it learned from. */
    agentStep: count,
    update: count,
    core: z.string(),
    parameters: count,
  }),
  game: z.string(),
  /** The preprocessing in one line, as it was in these games. */
  recipe: z.string(),
  protocol: z.strictObject({
    /** `trained`, or that of a published one. */
    name: z.string(),
    /** Options that were given over it. */
    given: z.record(z.string(), z.unknown()),
    /** Games, and the seed of the first; those after it have the seeds after it. */
    episodes: count,
    seed: count,
    /** The most likely action always, not one drawn by the policy. */
    greedy: z.boolean(),
    /** All options of the environment. */
    settings: z.record(z.string(), z.unknown()),
  }),
  summary: z.strictObject({
    /** Of the games' scores: unclipped rewards, in the game's points. */
    mean: z.number(),
    median: z.number(),
    /** Sample standard deviation of one game's score; null of a single game. */
    deviation: z.number().nullable(),
    lowest: z.number(),
    highest: z.number(),
    /** Interquartile mean, with the interval in which 95 % of bootstrap draws lie. */
    iqm: interval,
    /** Of the mean score: 0 is random play, 1 a human; null where game, mode or difficulty have no published scores. */
    humanNormalised: z.number().nullable(),
    /** Agent steps of a game. */
    meanSteps: z.number(),
    /** Games that were cut by their limit of frames or steps. */
    truncated: count,
    /** Over all steps of all games. */
    activation,
  }),
  games: z.array(
    z.strictObject({
      /** From 0, in the order of the seeds. */
      index: count,
      seed: count,
      score: z.number(),
      /** Agent steps. */
      steps: count,
      /** Emulated frames, no-ops included; of an environment without frames its steps. */
      frames: count,
      livesLost: count,
      /** Whether it was cut. */
      truncated: z.boolean(),
      activation,
    }),
  ),
  /** Of what decided the numbers, by name: kernels, TensorFlow or onnxruntime, ALE. */
  versions: z.record(z.string(), z.string()),
  /** Threads that computed the network. */
  threads: count,
  processor,
});

export type Evaluation = z.infer<typeof evaluation>;

/** Its name in a folder. */
export const evaluationFile = 'evaluation.json';

/** @throws UserError if it cannot be written */
export function writeEvaluation(file: string, content: Evaluation): void {
  replaceFile(file, [`${JSON.stringify(content, null, 2)}\n`]);
}

/** @throws UserError if there is none, or it is damaged or of another version */
export function readEvaluation(file: string): Evaluation {
  if (!existsSync(file)) throw new UserError(`no file ${file}; make it by npm run evaluate`);
  const found = z.object({ format: z.number() }).safeParse(parsedJson(file));
  if (found.success && found.data.format !== format)
    throw new UserError(
      `${file} has format ${found.data.format}, this version reads ${format}; npm run evaluate makes it anew`,
    );
  return readJson(file, evaluation);
}
