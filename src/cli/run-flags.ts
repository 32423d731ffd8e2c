import type { Command } from 'commander';
import { isUserError, UserError } from '../errors.ts';
import { seedsFrom } from '../settings/machine-settings.ts';
import { complain } from './main.ts';

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
 * Trains with each seed that is asked for, the first one first, until a signal stops it. What goes wrong with one of
 * several is said at once, and the others are trained all the same; but not if the first cannot even begin.
 * @param begin makes a run
 * @param train trains it to its end, or until the signal
 * @returns what to say of the seeds that were not begun, if any
 * @throws UserError if the last seed is too large, the first run cannot begin, or the only one goes wrong
 */
export async function trainSeeds<Session>(
  first: number,
  seeds: number | undefined,
  signal: AbortSignal,
  { begin, train }: { begin: (seed: number) => Promise<Session>; train: (session: Session) => Promise<void> },
): Promise<string | undefined> {
  const count = seeds ?? 1;
  const left = seedsFrom(first, count);
  let hasBegun = false;
  while (left.length > 0 && !signal.aborted) {
    const seed = left.shift() as number;
    try {
      const session = await begin(seed);
      hasBegun = true;
      await train(session);
    } catch (error) {
      if (!hasBegun || count === 1 || !isUserError(error)) throw error;
      complain(`seed ${seed}: ${error.message}`);
    }
  }
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
