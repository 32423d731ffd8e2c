import { cpus } from 'node:os';
import type { Launch } from './contestant.ts';
import { GrowingFile } from './growing-file.ts';
import { run } from './process-group.ts';
import { usage, type Usage } from './process-tree.ts';

/** What one training showed from outside. */
export interface Measured {
  /** Seconds from the start of the process to the end of each update. */
  readonly updateSeconds: readonly number[];
  /** Largest resident memory seen, of the process and all it started; undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
  /** Mean number of cores that were busy with something else; undefined where the system does not tell. */
  readonly othersCores: number | undefined;
}

/** Between two looks at a file of updates, which take some seconds each. */
const fileLookMs = 20;
const usageLookMs = 200;

/**
 * Runs a training until it has done enough, and notes when its updates end.
 * @param log file that gets all it prints
 * @param isEnough asked after each update: it is ended then; never, if not given
 * @throws BenchError, or the signal's reason: see {@link run}
 */
export async function measure(
  launch: Launch,
  log: string,
  signal: AbortSignal,
  isEnough: (updateSeconds: readonly number[]) => boolean = () => false,
): Promise<Measured> {
  const { updateEnds } = launch;
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  const updateSeconds: number[] = [];
  const enough = new AbortController();
  const note = (updates: number): void => {
    for (let update = 0; update < updates; update += 1) updateSeconds.push(seconds());
    if (updates > 0 && isEnough(updateSeconds)) enough.abort();
  };
  const file = 'file' in updateEnds ? new GrowingFile(updateEnds.file) : undefined;
  const fileTimer = file && setInterval(() => note(file.newLines()), fileLookMs);

  const busyBefore = busySeconds();
  let peakBytes: number | undefined;
  let othersCores: number | undefined;
  let usageTimer: NodeJS.Timeout | undefined;
  const look = (found: Usage | undefined): void => {
    if (found === undefined) return;
    peakBytes = Math.max(found.residentBytes, peakBytes ?? 0);
    othersCores = Math.max(0, busySeconds() - busyBefore - found.cpuSeconds) / seconds();
  };
  try {
    await run(launch, log, AbortSignal.any([signal, enough.signal]), {
      started: (pid) => (usageTimer = setInterval(() => look(usage(pid)), usageLookMs)),
      line: (line) => {
        if ('line' in updateEnds && updateEnds.line.test(line)) note(1);
      },
    });
    if (file) note(file.newLines());
  } catch (error) {
    if (signal.aborted || !enough.signal.aborted) throw error;
  } finally {
    clearInterval(fileTimer);
    clearInterval(usageTimer);
  }
  return { updateSeconds, peakBytes, othersCores };
}

/** What all cores together have worked since the machine started. */
export function busySeconds(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000;
}
