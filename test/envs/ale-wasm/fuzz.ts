// node setup/run.mjs test/envs/ale-wasm/fuzz.ts --calls 100000 --seed 1
// Fuzzes the interface and snapshots (fuzz-calls.ts) in a thread, and sees to it that every call returns. Prints
// counts; exit code 1 if there was a failure.
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { FuzzResult } from './fuzz-calls.ts';
import { Progress, watched } from './watchdog.ts';

/** A call that takes longer hangs. */
const mostSeconds = 60;

export async function watchedFuzz(calls: number, seed: number): Promise<FuzzResult> {
  const progress = new Progress();
  progress.begin('loading ALE');
  const workerData = { calls, seed, memory: progress.memory };
  const thread = new Worker(new URL('fuzz-entry.mjs', import.meta.url), { workerData, execArgv: [] });
  return watched<FuzzResult>(thread, progress, mostSeconds);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: { calls: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  });
  const found = await watchedFuzz(Number(values.calls), Number(values.seed));
  for (const failure of found.failures.slice(0, 20)) console.log(failure);
  console.log(
    `${found.calls} calls, ${found.refused} refused; ` +
      `${found.mutations} damaged snapshots, of which ${found.accepted} were a state all the same; ` +
      `ALE gave up ${found.gaveUp} times; slowest call ${Math.round(found.slowest)} ms; ` +
      `${found.failures.length} failures`,
  );
  process.exitCode = found.failures.length > 0 ? 1 : 0;
}
