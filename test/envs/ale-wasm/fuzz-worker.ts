import { parentPort, workerData } from 'node:worker_threads';
import { loadAle } from 'ale-wasm';
import { fuzz } from './fuzz-calls.ts';
import { Progress } from './watchdog.ts';

const { calls, seed, memory } = workerData as { calls: number; seed: number; memory: SharedArrayBuffer };
const progress = new Progress(memory);
parentPort?.postMessage(await fuzz(await loadAle(), calls, seed, (name) => progress.begin(name)));
