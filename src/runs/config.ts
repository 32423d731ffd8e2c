import { cpus, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const text = z.string();

const runSettings = z.object({
  /** What was typed. */
  command: text,
  /** Every setting after defaults; the trainer knows their types. */
  options: z.record(text, z.unknown()),
  environment: z.object({
    recipe: text,
    actions: z.number().int().min(1),
    actionMeanings: z.array(text),
    observationShape: z.array(z.number().int().min(1)),
    observationType: z.enum(['uint8', 'float32']),
  }),
  /** What determines the network; the agents know its types. */
  agent: z.record(text, z.unknown()),
  /** Floats in the flat vector of parameters. */
  parameters: z.number().int().min(1),
  versions: z.record(text, text),
});

/** config.json. */
export const runConfig = z.object({
  format: z.literal(1),
  /** ISO 8601, UTC. */
  created: text,
  ...runSettings.shape,
  processor: z.object({ model: text, cores: z.number(), memoryBytes: z.number(), platform: text }),
});

/** What the one who starts a run says of it. `versions` names what else than Node and this package made it. */
export type RunSettings = z.infer<typeof runSettings>;
export type RunConfig = z.infer<typeof runConfig>;

/** The settings, with the versions and the processor that every run records. */
export function describeRun(settings: RunSettings, now: Date): RunConfig {
  return { format: 1, created: now.toISOString(), ...settings, ...describeStart(settings.versions) };
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
