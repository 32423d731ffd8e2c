import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { fileNames } from './file-names.ts';
import { parsedJson, readJson } from './json-files.ts';

const text = z.string();

const anySettings = z.object({
  /** What was typed. */
  command: text,
  /** Every setting after defaults; the trainer knows their types. */
  options: z.record(text, z.unknown()),
  /** Floats in the flat vector of parameters. */
  parameters: z.number().int().min(1),
  versions: z.record(text, text),
});

const runSettings = anySettings.extend({
  environment: z.object({
    recipe: text,
    actions: z.number().int().min(1),
    actionMeanings: z.array(text),
    observationShape: z.array(z.number().int().min(1)),
    observationType: z.enum(['uint8', 'float32']),
  }),
  /** What determines the network; the agents know its types. */
  agent: z.record(text, z.unknown()),
});

const taskRunSettings = anySettings.extend({
  /** The task's name; its presence tells runs of tasks from those of PPO. */
  task: text,
  /** What it learns from, by its content; of tasks that make their sequences, nothing. */
  data: text.optional(),
});

/** What a run or an evaluation was computed on. */
export const processor = z.object({ model: text, cores: z.number(), memoryBytes: z.number(), platform: text });

const start = z.object({
  format: z.literal(1),
  /** ISO 8601, UTC. */
  created: text,
  processor,
});

/** config.json of a PPO run. */
export const runConfig = start.extend(runSettings.shape);
/** config.json of a run of a task. */
export const taskRunConfig = start.extend(taskRunSettings.shape);

/** What the one who starts a run says of it. `versions` names what else than Node and this package made it. */
export type RunSettings = z.infer<typeof runSettings>;
export type TaskRunSettings = z.infer<typeof taskRunSettings>;
export type RunConfig = z.infer<typeof runConfig>;
export type TaskRunConfig = z.infer<typeof taskRunConfig>;

/** The settings, with the versions and the processor that every run records. */
export function describeRun<Settings extends z.infer<typeof anySettings>>(
  settings: Settings,
  now: Date,
): z.infer<typeof start> & Settings {
  return { format: 1, created: now.toISOString(), ...settings, ...describeStart(settings.versions) };
}

/** Whether a folder is that of a run, of either kind. */
export function isRun(folder: string): boolean {
  return existsSync(join(folder, fileNames.config));
}

export type RunKind = 'ppo' | 'task';

/** Of which kind of run a config.json is, by what it holds; undefined of a damaged one. */
export function kindOf(config: unknown): RunKind | undefined {
  if (typeof config !== 'object' || config === null) return undefined;
  return 'task' in config ? 'task' : 'ppo';
}

/** Where a run's config.json lies. Throws UserError if the folder is no run folder, or that of the other kind. */
function configFile(path: string, kind: RunKind): string {
  const file = join(path, fileNames.config);
  if (!existsSync(path)) throw new UserError(`no folder ${path}; run folders lie in runs/`);
  if (!existsSync(file))
    throw new UserError(`${path} is no run folder: it has no config.json; run folders lie in runs/`);
  const found = parsedJson(file);
  const own = kindOf(found);
  if (own === undefined || own === kind) return file; // a damaged one is told by its reader
  throw new UserError(
    own === 'task'
      ? `${path} is a run of a sequence task, not of PPO; npm run task, tables and figures read it`
      : `${path} is a run of PPO, not of a sequence task; npm run ppo, curve, view and report read it`,
  );
}

/** config.json with a hash of all the rest, by which a damaged one is noticed: a changed digit would still be JSON. */
export function sealedConfig(config: object): object {
  return { ...config, sha256: hashOf(config) };
}

/**
 * A run's config.json. One without a hash, of an older version, is taken as it is.
 * @param kind of run that is wanted at `path`
 * @throws UserError if there is none, or it is of the other kind, or damaged
 */
export function readConfigFile<T>(path: string, kind: RunKind, schema: z.ZodType<T>): T {
  const file = configFile(path, kind);
  const config = readJson(file, schema);
  const { sha256, ...rest } = parsedJson(file) as Record<string, unknown>;
  if (sha256 !== undefined && sha256 !== hashOf(rest))
    throw new UserError(`${file} is damaged (hash is wrong); put back a good copy`);
  return config;
}

function hashOf(config: object): string {
  return createHash('sha256').update(JSON.stringify(config)).digest('hex');
}

/** What this start runs on: versions and processor. @param versions of what else than Node and this package */
export function describeStart(versions: RunSettings['versions']): Pick<RunConfig, 'versions' | 'processor'> {
  const ours = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  const processors = cpus();
  return {
    versions: { 'rim-agents': ours.version, node: process.versions.node, ...versions },
    processor: {
      model: processors[0]?.model ?? 'unknown',
      cores: processors.length,
      memoryBytes: totalmem(),
      platform: `${process.platform} ${process.arch}`,
    },
  };
}
