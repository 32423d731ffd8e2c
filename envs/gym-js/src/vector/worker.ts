import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { AnyEnv } from '../env.ts';
import { EnvironmentFailed } from '../errors.ts';
import { discard } from '../registry/discard.ts';
import { EnvSpec } from '../registry/env-spec.ts';
import { make, wrapAll } from '../registry/make.ts';
import { concatenate, iterate } from '../spaces/batch.ts';
import type { Space } from '../spaces/space.ts';
import type { SentFailure, SentResult, WorkerData, WorkerEnv, WorkerReply, WorkerRequest } from './async-protocol.ts';
import { EnvGroup, type EnvResult, type Outcome } from './env-group.ts';
import { requireEnvs } from './requirements.ts';

// The thread of AsyncVectorEnv: makes its environments, then does what it is asked, one request after the other.

const { envs, first, mode, inHand, observations } = workerData as WorkerData;
const port = parentPort as MessagePort;
const note = (env: number): void => {
  Atomics.store(inHand, 0, env);
};

const made: AnyEnv[] = [];
/** (envs): the last observation of each, where they go to shared memory. */
let latest: unknown[] = [];
try {
  for (const [i, source] of envs.entries()) {
    note(first + i);
    made.push(await makeOne(source));
  }
  const { observationSpace } = requireEnvs(made);
  if (observations !== undefined) latest = [...iterate(observationSpace as Space<unknown>, observations as never)];
  const group = new EnvGroup(made, first, mode, note);
  port.on('message', (request: WorkerRequest) => {
    try {
      answer(group, request);
    } catch (error) {
      send({ kind: 'failed', failure: failureOf(error) });
    }
  });
  send({ kind: 'ready' });
} catch (error) {
  discard(made);
  send({ kind: 'failed', failure: failureOf(error) });
}

async function makeOne({ id, json, options, wrappers }: WorkerEnv): Promise<AnyEnv> {
  return wrapAll(await make(json === undefined ? (id ?? '') : EnvSpec.fromJson(json), options), wrappers);
}

function answer(group: EnvGroup, request: WorkerRequest): void {
  switch (request.kind) {
    case 'reset':
      return sendResults(group.reset(request.seeds, request.options, request.mask));
    case 'step':
      return sendResults(group.step(request.actions));
    case 'render':
      return send({ kind: 'values', values: group.render() });
    case 'call':
      return send({ kind: 'values', values: group.call(request.name, request.args) });
    case 'close':
      group.close();
      return send({ kind: 'closed' });
  }
}

/** Observations go to shared memory where there is some. */
function sendResults({ results, failed }: Outcome<EnvResult>): void {
  const failure = failed && failureOf(failed);
  const sent = observations === undefined ? results : share(results);
  try {
    send({ kind: 'results', results: sent, failure });
  } catch {
    send({ kind: 'results', ...withoutUnsendable(sent, failure) });
  }
}

function share(results: readonly (EnvResult | undefined)[]): (SentResult | undefined)[] {
  latest = results.map((result, i) => (result ? result.observation : latest[i]));
  concatenate(made[0]?.observationSpace as Space<unknown>, latest, observations as never);
  return results.map((result) => {
    if (!result) return undefined;
    const { observation: _shared, ...others } = result;
    return others;
  });
}

/** A result that holds what cannot be copied to another thread, such as a function in its info, is a failure. */
function withoutUnsendable(
  results: readonly (SentResult | undefined)[],
  failure: SentFailure | undefined,
): { results: (SentResult | undefined)[]; failure: SentFailure | undefined } {
  let earliest = failure;
  const kept = results.map((result, i) => {
    try {
      structuredClone(result);
      return result;
    } catch (error) {
      if (!earliest || first + i < earliest.env) earliest = { env: first + i, error: sendable(error) };
      return undefined;
    }
  });
  return { results: kept, failure: earliest };
}

function failureOf(error: unknown): SentFailure {
  const { env, cause } = error instanceof EnvironmentFailed ? error : { env: inHand[0] ?? first, cause: error };
  return { env, error: sendable(cause ?? error) };
}

/** What was thrown, or its text and stack where it holds what cannot be copied to another thread. */
function sendable(thrown: unknown): unknown {
  try {
    const copy: unknown = structuredClone(thrown);
    // Of Node's own DOMException nothing is left.
    if (copy instanceof Error || !(thrown instanceof Error)) return copy;
  } catch {
    // See below.
  }
  const { message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
  return Object.assign(new Error(message), { stack });
}

function send(reply: WorkerReply): void {
  port.postMessage(reply);
}
