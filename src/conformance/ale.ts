// Checks traces of native ALE, in parallel.
import { Worker } from 'node:worker_threads';
import { loadAle } from 'ale-wasm';
import type { AleTrace } from './ale-file.ts';
import type { TraceAnswer } from './ale-worker.ts';

/** What became of a trace. */
export interface AleResult {
  readonly kind: 'raw' | 'preprocessed';
  readonly game: string;
  readonly repeatActionProbability: number;
  readonly seed: number;
  /** How much of it there is. */
  readonly length: number;
  readonly unit: 'frames' | 'steps';
  /** What was expected and what came, at the first place where they differ; null if all is equal. */
  readonly difference: string | null;
}

/**
 * Plays every trace again, each in one of `workers` threads.
 * @param onResult told of each as it ends, in whatever order that is
 * @throws AleError if ALE is not built; Error, that names the trace, if a thread breaks down
 */
export async function checkAleTraces(
  traces: readonly AleTrace[],
  workers: number,
  onResult: (result: AleResult) => void,
): Promise<void> {
  const shared = (await loadAle()).share();
  const waiting = [...traces];
  const work = async (): Promise<void> => {
    const thread = new Worker(new URL('ale-worker-entry.mjs', import.meta.url), { workerData: shared, execArgv: [] });
    try {
      for (let trace = waiting.shift(); trace; trace = waiting.shift()) {
        onResult(resultOf(trace, await playTrace(thread, trace)));
      }
    } finally {
      await thread.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, traces.length) }, work));
}

/**
 * Has a thread play a trace.
 * @throws Error, that names the trace, if the thread fails or ends without an answer
 */
export function playTrace(thread: Worker, trace: AleTrace): Promise<TraceAnswer> {
  const { game, kind, seed, repeatActionProbability } = trace;
  const brokenOff = (reason: string, cause?: unknown): Error =>
    new Error(`${game}, ${kind}, sticky ${repeatActionProbability}, seed ${seed}: ${reason}`, { cause });
  return new Promise<TraceAnswer>((resolve, reject) => {
    const failed = (error: Error): void => end(() => reject(brokenOff(error.message, error)));
    const ended = (code: number): void => end(() => reject(brokenOff(`its thread ended with exit code ${code}`)));
    const answered = (answer: TraceAnswer): void => end(() => resolve(answer));
    const end = (settle: () => void): void => {
      thread.off('message', answered).off('error', failed).off('exit', ended);
      settle();
    };
    thread.on('message', answered).on('error', failed).on('exit', ended);
    thread.postMessage(trace);
  });
}

function resultOf(trace: AleTrace, difference: string | undefined): AleResult {
  const { kind, game, repeatActionProbability, seed } = trace;
  const extent =
    kind === 'raw'
      ? { length: trace.marks.length * trace.every, unit: 'frames' as const }
      : { length: trace.rewards.length, unit: 'steps' as const };
  return { kind, game, repeatActionProbability, seed, ...extent, difference: difference ?? null };
}
