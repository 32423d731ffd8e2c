import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchError } from './bench-error.ts';
import type { Launch } from './contestant.ts';
import { measure, type Measured } from './measure.ts';

/**
 * One training of a known number of updates, from start to end, in a folder that is deleted afterwards.
 * @param launch how to start it with an empty folder
 * @param title what a failure names
 * @throws BenchError if it fails or ends early; what it printed is kept then. The signal's reason once that is aborted
 */
export async function wholeTraining(
  launch: (folder: string) => Launch,
  { updates, title }: { readonly updates: number; readonly title: string },
  signal: AbortSignal,
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'rim-agents-bench-'));
  const log = join(folder, 'output.log');
  let keep = false;
  try {
    const work = join(folder, 'work');
    await mkdir(work);
    const measured = await measure(launch(work), log, signal);
    const made = measured.updateSeconds.length;
    if (made !== updates) throw new BenchError(`ended after ${made} updates instead of ${updates}`);
    return measured;
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    keep = true;
    throw new BenchError(`${title} ${error.message} (all it printed: ${log})`);
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}
