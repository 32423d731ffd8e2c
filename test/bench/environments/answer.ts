import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { BenchError } from '../bench-error.ts';
import { busySeconds } from '../measure.ts';
import { run } from '../process-group.ts';
import { usage, type Usage } from '../process-tree.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** How to start a program of ours in a process of its own. */
export function ownProgram(file: URL, ...args: readonly string[]): { command: string; args: readonly string[] } {
  return { command: process.execPath, args: ['--import', 'tsx', fileURLToPath(file), ...args] };
}

/**
 * Runs a program that prints `{"result": ...}` as a line of its own.
 * @param what it measures, for errors
 * @returns that, and how many cores others kept busy meanwhile (Linux only)
 * @throws BenchError if it fails, or its result is not of the schema; the signal's reason once that is aborted
 */
export async function answerOf<T>(
  program: { readonly command: string; readonly args: readonly string[] },
  what: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<{ result: T; othersCores: number | undefined }> {
  const folder = await mkdtemp(join(tmpdir(), 'rim-agents-bench-'));
  const [began, busy] = [performance.now(), busySeconds()];
  let text = '';
  let last: Usage | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    await run({ ...program, cwd: root }, join(folder, 'log'), signal, {
      started: (pid) => (timer = setInterval(() => (last = usage(pid) ?? last), 100)),
      line: (line) => (text = line.startsWith('{"result"') ? line : text),
    });
  } catch (error) {
    throw error instanceof BenchError ? new BenchError(`${what}: ${error.message}`) : error;
  } finally {
    clearInterval(timer);
    await rm(folder, { recursive: true, force: true });
  }
  const seconds = (performance.now() - began) / 1000;
  const own = (last as Usage | undefined)?.cpuSeconds; // set where the flow analysis does not look
  const parsed = schema.safeParse(text === '' ? undefined : (JSON.parse(text) as { result: unknown }).result);
  if (!parsed.success) throw new BenchError(`${what}: nothing was measured: ${text}`);
  return { result: parsed.data, othersCores: own && Math.max(0, busySeconds() - busy - own) / seconds };
}
