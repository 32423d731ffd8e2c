import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { z } from 'zod';
import { tensorflowVersion } from '../../setup/versions.mjs';

/** Where, when, with what and how something was measured. */
export const circumstancesSchema = z.strictObject({
  date: z.iso.date(),
  command: z.string(),
  machine: z.strictObject({ processor: z.string(), cores: z.number().int().positive() }),
  /** By the name of the program or package. */
  versions: z.record(z.string(), z.string()),
});

export type Circumstances = z.infer<typeof circumstancesSchema>;

const packages = ['torch', 'cleanrl', 'stable-baselines3', 'sb3-contrib', 'gymnasium', 'ale-py', 'numpy'];

/** @param python the peers' interpreter, where peers took part */
export function circumstances(python?: string): Circumstances {
  return {
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
    machine: { processor: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism() },
    versions: {
      node: process.versions.node,
      tensorflow: tensorflowVersion,
      ...(python !== undefined && packageVersions(python)),
    },
  };
}

function packageVersions(python: string): Record<string, string> {
  const script =
    'import importlib.metadata, json, platform, sys; ' +
    'print(json.dumps({"python": platform.python_version()} | ' +
    '{name: importlib.metadata.version(name) for name in sys.argv[1:]}))';
  const printed = execFileSync(python, ['-c', script, ...packages], { encoding: 'utf8' });
  return z.record(z.string(), z.string()).parse(JSON.parse(printed));
}

/** `Some CPU, 2 cores; node 20.1.0, torch 2.15.0; 2026-01-31` */
export function describeCircumstances({ machine, versions, date }: Circumstances): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${machine.processor}, ${machine.cores} cores; ${named.join(', ')}; ${date}`;
}
