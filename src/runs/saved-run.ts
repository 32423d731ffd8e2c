import { join } from 'node:path';
import { z } from 'zod';
import { type Checkpoint, checkpoint, findCheckpoint, type FoundCheckpoint } from './checkpoint.ts';
import { readConfigFile, type RunConfig, runConfig } from './config.ts';
import { fileNames, logMessages } from './file-names.ts';
import { readLines } from './json-files.ts';
import { type EpisodeLine, episodeLine, type MetricLine, metricLine } from './lines.ts';

/** A run as its folder holds it. */
export interface SavedRun {
  readonly path: string;
  readonly config: RunConfig;
  /** Undefined if the run was killed before its first. */
  readonly found: FoundCheckpoint<Checkpoint> | undefined;
}

/**
 * Reads what is needed to go on with a run, and changes nothing.
 * @throws UserError if the folder is no run folder, or config.json or all its checkpoints are damaged
 */
export function readRun(path: string): SavedRun {
  const config = readConfig(path);
  return { path, config, found: findCheckpoint(path, config, checkpoint) };
}

/** @throws UserError if the folder is no run folder of PPO, or config.json is damaged */
export function readConfig(path: string): RunConfig {
  return readConfigFile(path, 'ppo', runConfig);
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
  msg: z.literal(logMessages.resumed),
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
