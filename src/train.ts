import type { z } from 'zod';
import { tensorFlowThreads } from '../agents/kernels/backend.ts';
import { suggestion } from '../envs/nearest-names.ts';
import { UserError } from './errors.ts';
import { ppoOptions } from './ppo/config.ts';
import { optionsOfGiven } from './ppo/given-options.ts';
import { newSession } from './ppo/session.ts';
import type { Progress } from './ppo/trainer.ts';

/** What can be set of a training, in camel case (`learningRate` of `--learning-rate`); all of it has a default. */
export type TrainSettings = z.input<typeof ppoOptions>;

/** Beside the settings. */
export interface TrainOptions {
  /** A new or empty folder for the run; `runs/<game>-<core>-s<seed>-<time>` if not given. */
  readonly path?: string;
  /** Told after each update. */
  readonly onProgress?: (progress: Progress) => void;
  /** Once aborted, training stops after the update under way, with a checkpoint. */
  readonly signal?: AbortSignal;
}

let underWay = false;

/**
 * Trains an agent by PPO, as `npm run ppo` does. One training at a time: TensorFlow is one per process.
 * @returns the run's folder (docs/run-folder.md), which `Agent.load` takes, and the last progress
 * @throws UserError, one line, for a setting that is unknown, out of range or without effect, while another training is
 *   under way, and for all that the command tells of: a full disk, a folder that is not empty
 */
export async function train(
  settings: TrainSettings = {},
  { path, onProgress = () => undefined, signal = new AbortController().signal }: TrainOptions = {},
): Promise<{ readonly path: string; readonly progress: Progress }> {
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  for (const name of Object.keys(given)) requireKnown(name);
  const options = optionsOfGiven(given);
  refuseOtherThreads(options.threads);
  if (underWay) throw new UserError('a training is under way in this process; await it first');
  underWay = true;
  try {
    const threads = options.threads ?? tensorFlowThreads(); // what is in use, if it is loaded already
    const session = await newSession({ ...options, threads }, `train(${JSON.stringify(given)})`, path);
    try {
      const progress = await session.train({ report: onProgress, signal });
      return { path: session.path, progress };
    } finally {
      await session.close();
    }
  } finally {
    underWay = false;
  }
}

/** TensorFlow takes its threads when it is loaded; config.json would name a number that is not the one in use. */
function refuseOtherThreads(threads: number | undefined): void {
  const inUse = tensorFlowThreads();
  if (inUse === undefined || threads === undefined || threads === inUse) return;
  throw new UserError(
    `--threads ${threads}: this process has loaded TensorFlow with ${inUse}, once for all; leave it out, or begin ` +
      'a new process',
  );
}

function requireKnown(name: string): void {
  const names = Object.keys(ppoOptions.shape);
  if (!names.includes(name))
    throw new UserError(
      `unknown setting ${JSON.stringify(name)}; ${suggestion(name, names, 'docs/ppo.md lists them all')}`,
    );
}
