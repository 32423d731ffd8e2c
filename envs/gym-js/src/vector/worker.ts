import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { AnyEnv } from '../env.ts';
import { EnvironmentFailed } from '../errors.ts';
import { EnvSpec } from '../registry/env-spec.ts';
import { make, wrap } from '../registry/make.ts';
import { concatenate } from '../spaces/batch.ts';
import type { SentResult, WorkerData, WorkerEnv, WorkerReply, WorkerRequest } from './async-protocol.ts';
import { EnvGroup, type EnvResult } from './env-group.ts';
import { requireEnvs } from './requirements.ts';

// The thread of AsyncVectorEnv: makes its environments, then does what it is asked, one request after the other.

const { envs, first, mode, inHand, observations } = workerData as WorkerData;
const port = parentPort as MessagePort;
const note = (env: number): void => {
  Atomics.store(inHand, 0, env);
};

const made: AnyEnv[] = [];
try {
  for (const [i, source] of envs.entries()) {
    note(first + i);
    made.push(await makeOne(source));
  }
  requireEnvs(made);
  const group = new EnvGroup(made, first, mode, note);
  port.on('message', (request: WorkerRequest) => reply(() => answer(group, request)));
  port.postMessage({ kind: 'ready' } satisfies WorkerReply);
} catch (error) {
  fail(error);
}

async function makeOne({ id, json, options, wrappers }: WorkerEnv): Promise<AnyEnv> {
  let env: AnyEnv = await make(json === undefined ? (id ?? '') : EnvSpec.fromJson(json), options);
  for (const wrapper of wrappers) env = await wrap(env, wrapper);
  return env;
}

function answer(group: EnvGroup, request: WorkerRequest): WorkerReply {
  switch (request.kind) {
    case 'reset':
      return results(group.reset(request.seeds, request.options, request.mask));
    case 'step':
      return results(group.step(request.actions));
    case 'render':
      return { kind: 'values', values: group.render() };
    case 'call':
      return { kind: 'values', values: group.call(request.name, request.args) };
    case 'close':
      group.close();
      return { kind: 'closed' };
  }
}

/** (envs): the last of each. */
let latest: unknown[] = [];

/** Observations go to shared memory where there is some. */
function results(of: readonly (EnvResult | undefined)[]): WorkerReply {
  const space = made[0]?.observationSpace;
  if (!space || observations === undefined) return { kind: 'results', results: [...of] };
  latest = of.map((result, i) => (result ? result.observation : latest[i]));
  concatenate(space, latest, observations as never);
  const sent = of.map((result): SentResult | undefined => {
    if (!result) return undefined;
    const { observation: _shared, ...others } = result;
    return others;
  });
  return { kind: 'results', results: sent };
}

function reply(work: () => WorkerReply): void {
  try {
    // Sending fails where an info holds what cannot be copied to another thread, such as a function.
    port.postMessage(work());
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  const { env, reason } =
    error instanceof EnvironmentFailed ? error : EnvironmentFailed.from(inHand[0] ?? first, error);
  port.postMessage({ kind: 'failed', env, reason } satisfies WorkerReply);
}
