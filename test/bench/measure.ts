import type { Launch } from './contestant.ts';
import { GrowingFile } from './growing-file.ts';
import { run } from './process-group.ts';
import { residentBytes } from './process-tree.ts';

/** What one training showed from outside. */
export interface Measured {
  /** Seconds from the start of the process to the end of each update. */
  readonly updateSeconds: readonly number[];
  /** Largest resident memory seen, of the process and all it started; undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
}

/** Between two looks at a file of updates, which take some seconds each. */
const fileLookMs = 20;
const memoryLookMs = 200;

/**
 * Runs a training to its end and notes when its updates end.
 * @param log file that gets all it prints
 * @throws BenchError, or the signal's reason: see {@link run}
 */
export async function measure(launch: Launch, log: string, signal: AbortSignal): Promise<Measured> {
  const { updateEnds } = launch;
  const startedAt = performance.now();
  const updateSeconds: number[] = [];
  const note = (updates: number): void => {
    const now = (performance.now() - startedAt) / 1000;
    for (let update = 0; update < updates; update += 1) updateSeconds.push(now);
  };

  const file = 'file' in updateEnds ? new GrowingFile(updateEnds.file) : undefined;
  const fileTimer = file && setInterval(() => note(file.newLines()), fileLookMs);
  let peakBytes: number | undefined;
  let memoryTimer: NodeJS.Timeout | undefined;
  try {
    await run(launch, log, signal, {
      started: (pid) => {
        memoryTimer = setInterval(() => {
          const bytes = residentBytes(pid);
          if (bytes !== undefined) peakBytes = Math.max(bytes, peakBytes ?? 0);
        }, memoryLookMs);
      },
      line: (line) => {
        if ('line' in updateEnds && updateEnds.line.test(line)) note(1);
      },
    });
    if (file) note(file.newLines());
  } finally {
    clearInterval(fileTimer);
    clearInterval(memoryTimer);
  }
  return { updateSeconds, peakBytes };
}
