// A thread that plays the traces it is sent, one after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { AleModule, type SharedAle } from 'ale-wasm';
import type { AleTrace } from './ale-file.ts';
import { traceDifference } from './ale-trace.ts';

/** Answers a trace: its first difference, undefined if there is none. */
export type TraceAnswer = string | undefined;

const port = parentPort;
const module = AleModule.fromShared(workerData as SharedAle);
port?.on('message', (trace: AleTrace) => {
  void traceDifference(module, trace).then((answer: TraceAnswer) => port.postMessage(answer));
});
