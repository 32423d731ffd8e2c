import type { Command } from 'commander';
import { UserError } from '../errors.ts';
import { largestSeed } from '../machine-settings.ts';

/** What a command that trains is told of its runs, beside their settings. */
export interface RunFlags {
  readonly run?: string;
  readonly resume?: string;
  readonly seeds?: number;
}

/** Adds --run, --resume and --seeds. @param path what a run's folder is called where it is not said */
export function addRunFlags(parser: Command, path: string): Command {
  return parser
    .option('--run <dir>', `folder of the run, new or empty (default ${path})`)
    .option('--resume <dir>', 'go on with the run in this folder from its last checkpoint')
    .option('--seeds <n>', 'train so many times, with --seed and the seeds after it (1 to 100)', seedCount);
}

/** @throws UserError where the flags contradict each other */
export function checkRunFlags({ run, resume, seeds }: RunFlags): void {
  if (run !== undefined && resume !== undefined)
    throw new UserError(
      '--run begins a run and --resume goes on with one: give one of them (a resumed run stays in its folder)',
    );
  if (seeds !== undefined && (run ?? resume) !== undefined)
    throw new UserError(
      `--seeds trains in several folders, --${run === undefined ? 'resume' : 'run'} names one; leave one of them out`,
    );
}

/** The seeds of the runs that are asked for, the first one first. @throws UserError if one is too large */
export function seedsOf(seed: number, { seeds = 1 }: RunFlags): number[] {
  const last = seed + seeds - 1;
  if (last > largestSeed)
    throw new UserError(`--seed ${seed} --seeds ${seeds}: the last seed, ${last}, is too large; take a smaller --seed`);
  return Array.from({ length: seeds }, (_, i) => seed + i);
}

/** What to say when a run was stopped before the last seeds had their turn; nothing if all had it. */
export function seedsLeft(seeds: readonly number[], done: number): string | undefined {
  const [next] = seeds.slice(done);
  if (next === undefined) return undefined;
  const left = seeds.length - done;
  const named = `${left === 1 ? 'seed' : 'seeds'} ${seeds.slice(done).join(', ')}`;
  return `Not begun: ${named} (the same command with --seed ${next} --seeds ${left})`;
}

function seedCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100)
    throw new UserError(`--seeds ${JSON.stringify(text)}: must be a whole number, 1 to 100`);
  return value;
}
