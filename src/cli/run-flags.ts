import type { Command } from 'commander';
import { UserError } from '../errors.ts';
import { seedsFrom } from '../settings/machine-settings.ts';

/** What a command that trains is told of its runs, beside their settings. */
export interface RunFlags {
  readonly run?: string | undefined;
  readonly resume?: string | undefined;
  readonly seeds?: number | undefined;
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

/**
 * Trains with each seed that is asked for, the first one first, until a signal stops it.
 * @param train one run to its end, or until the signal
 * @returns what to say of the seeds that were not begun, if any
 * @throws UserError if the last seed is too large
 */
export async function trainSeeds(
  first: number,
  seeds: number | undefined,
  signal: AbortSignal,
  train: (seed: number) => Promise<void>,
): Promise<string | undefined> {
  const left = seedsFrom(first, seeds ?? 1);
  while (left.length > 0 && !signal.aborted) await train(left.shift() as number);
  if (left.length === 0) return undefined;
  const named = `${left.length === 1 ? 'seed' : 'seeds'} ${left.join(', ')}`;
  return `Not begun: ${named} (the same command with --seed ${left[0]} --seeds ${left.length})`;
}

function seedCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100)
    throw new UserError(`--seeds ${JSON.stringify(text)}: must be a whole number, 1 to 100`);
  return value;
}
