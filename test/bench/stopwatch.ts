import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BenchError } from './bench-error.ts';
import { busySeconds } from './measure.ts';
import { beside } from './peers/environment.ts';
import { usage } from './process-tree.ts';

/** One piece of work, or `parts` of them in a run. */
export interface Stage {
  readonly run: () => void | Promise<unknown>;
  readonly parts: number;
}

/** Times the stages of one who computes. @returns ms that each of so many repetitions took */
export type Stopwatch = (stage: string, repetitions: number) => Promise<number[]>;

/** PyTorch's threads go on looking for work for a while, in ms, after the last. */
export const restMs = 60;

export function ourStopwatch(stages: ReadonlyMap<string, Stage>): Stopwatch {
  return async (name, repetitions) => {
    const { run, parts } = stages.get(name) as Stage;
    const times: number[] = [];
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const begin = performance.now();
      await run();
      times.push((performance.now() - begin) / parts);
    }
    return times;
  };
}

/** A process of PyTorch's that times its stages. */
export interface PytorchProcess {
  /** What it said when it was ready, after the word. */
  readonly greeting: string;
  readonly watch: Stopwatch;
  readonly end: () => void;
}

/**
 * Starts a script of `peers/`, which first compares its RIM with the oracle.
 * @throws BenchError if it ends
 */
export async function startPytorch(script: string, python: string, signal: AbortSignal): Promise<PytorchProcess> {
  const oracle = fileURLToPath(new URL('../oracle/rims.json', import.meta.url));
  const child = spawn(python, ['-B', beside(script), oracle], { stdio: ['pipe', 'pipe', 'pipe'], signal });
  let lastWords = 'it printed nothing';
  createInterface({ input: child.stderr }).on('line', (line) => (lastWords = line.trim() || lastWords));
  child.on('error', (error) => (lastWords = error.message));
  child.stdin.on('error', () => undefined); // it has ended, and the missing answer tells
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const next = (await lines.next()) as IteratorResult<string, undefined>;
    signal.throwIfAborted();
    if (next.done) throw new BenchError(`PyTorch's process ended: ${lastWords}`);
    return next.value;
  };
  const greeting = (await answer()).replace(/^ready */, '');
  return {
    greeting,
    watch: async (stage, repetitions) => {
      child.stdin.write(`${repetitions} ${stage}\n`);
      const seconds = z.array(z.number().positive()).parse(JSON.parse(await answer()));
      return seconds.map((one) => 1000 * one);
    },
    end: () => void child.kill(),
  };
}

/** Begins to watch. @returns what tells how many cores others than we kept busy since, on average; Linux only */
export function watchOthers(): () => number | undefined {
  const [began, busy, own] = [performance.now(), busySeconds(), usage(process.pid)?.cpuSeconds];
  return () => {
    const now = usage(process.pid)?.cpuSeconds;
    if (own === undefined || now === undefined) return undefined;
    return Math.max(0, busySeconds() - busy - (now - own)) / ((performance.now() - began) / 1000);
  };
}
