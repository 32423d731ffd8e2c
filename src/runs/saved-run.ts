import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { type RunConfig, runConfig } from './config.ts';
import { readFile } from './disk.ts';
import { type EpisodeLine, episodeLine, type MetricLine, metricLine } from './lines.ts';

/** Names within a run folder. TensorBoard knows event files by "tfevents". */
export const fileNames = {
  config: 'config.json',
  episodes: 'episodes.jsonl',
  metrics: 'metrics.jsonl',
  log: 'log.jsonl',
  events: 'tensorboard/events.out.tfevents.1.rim-agents',
  checkpoint: 'checkpoint.msgpack',
  claim: 'run.pid',
} as const;

/** A run as its folder holds it. */
export interface SavedRun {
  readonly path: string;
  readonly config: RunConfig;
  readonly checkpoint: Checkpoint;
}

/**
 * Reads what is needed to go on with a run, and changes nothing.
 * @throws UserError if the folder is no run folder, has no checkpoint yet, or holds a damaged file
 */
export function readRun(path: string): SavedRun {
  const config = readConfig(path);
  const file = join(path, fileNames.checkpoint);
  if (!existsSync(file))
    throw new UserError(`${path} has no checkpoint yet, so there is nothing to go on from; start a new run`);
  const checkpoint = readCheckpoint(file);
  if (checkpoint.parameters.length !== config.parameters)
    throw new UserError(
      `${file} has ${checkpoint.parameters.length} parameters, config.json says ${config.parameters}: ` +
        'they are of two runs; put back the right one',
    );
  return { path, config, checkpoint };
}

/** @throws UserError if the folder is no run folder, or config.json is damaged */
export function readConfig(path: string): RunConfig {
  const file = join(path, fileNames.config);
  if (!existsSync(path)) throw new UserError(`no folder ${path}; run folders lie in runs/`);
  if (!existsSync(file)) throw new UserError(`${path} is no run folder: it has no config.json`);
  const found = runConfig.safeParse(parsed(readFile(file).toString()));
  if (!found.success) throw new UserError(`${file} is damaged (${oneLine(found.error)}); put back a good copy`);
  return found.data;
}

/** All finished games of a run, in the order in which they ended. Throws UserError if a line is damaged. */
export function readEpisodes(path: string): EpisodeLine[] {
  return readLines(join(path, fileNames.episodes), episodeLine);
}

/** All updates of a run, in order. Throws UserError if a line is damaged. */
export function readMetrics(path: string): MetricLine[] {
  return readLines(join(path, fileNames.metrics), metricLine);
}

const checkpointLogged = z.object({ gradientNorms: z.record(z.string(), z.number().nullable()) });

/**
 * Norms of the gradient with respect to each parameter, by name, at each checkpoint after an
 * update. Throws UserError if a line is damaged.
 */
export function readGradientNorms(path: string): Record<string, number | null>[] {
  const lines = readLines(join(path, fileNames.log), z.union([checkpointLogged, z.object({})]));
  return lines.flatMap((line) =>
    'gradientNorms' in line && Object.keys(line.gradientNorms).length > 0 ? [line.gradientNorms] : [],
  );
}

const resumeLogged = z.object({
  msg: z.literal('resumed'),
  agentStep: z.number(),
  /** Settings that were changed: from what, to what. */
  changed: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])).default({}),
});
export type Resume = z.infer<typeof resumeLogged>;

/** Where a run was resumed, in order of time. Throws UserError if a line is damaged. */
export function readResumes(path: string): Resume[] {
  const lines = readLines(join(path, fileNames.log), z.union([resumeLogged, z.object({})]));
  return lines.filter((line): line is Resume => 'agentStep' in line);
}

/** A last line without its end is left out: the run may be writing it now, or have been killed while it did. */
function readLines<T>(file: string, schema: z.ZodType<T>): T[] {
  const lines = readFile(file).toString().split('\n').slice(0, -1);
  return lines.map((line, i) => {
    const found = schema.safeParse(parsed(line));
    if (!found.success)
      throw new UserError(`${file}, line ${i + 1} is damaged (${oneLine(found.error)}); mend or remove the line`);
    return found.data;
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function oneLine(error: z.ZodError): string {
  return z
    .prettifyError(error)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('✖ ', '');
}
