import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchError } from './bench-error.ts';
import type { Launch } from './contestant.ts';
import { measure, type Measured } from './measure.ts';

/** What a training is to do. */
export interface Course {
  /** How many updates it is asked for. */
  readonly updates: number;
  /** Tells from the ends of its updates that it may be ended; when all are made, if not given. */
  readonly isEnough?: (updateSeconds: readonly number[]) => boolean;
  /** What a failure names. */
  readonly title: string;
}

/**
 * One training in a folder that is deleted afterwards; ended as soon as it has done enough.
 * @param launch how to start it with an empty folder
 * @throws BenchError if it fails or ends early; what it printed is kept then. The signal's reason once that is aborted
 */
export async function wholeTraining(
  launch: (folder: string) => Launch,
  { updates, title, isEnough = (ends) => ends.length >= updates }: Course,
  signal: AbortSignal,
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'rim-agents-bench-'));
  const log = join(folder, 'output.log');
  let keep = false;
  try {
    const work = join(folder, 'work');
    await mkdir(work);
    const measured = await measure(launch(work), log, signal, isEnough);
    const made = measured.updateSeconds.length;
    if (!isEnough(measured.updateSeconds)) throw new BenchError(`ended after ${made} updates instead of ${updates}`);
    return measured;
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    keep = true;
    throw new BenchError(`${title} ${error.message} (all it printed: ${log})`);
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}
