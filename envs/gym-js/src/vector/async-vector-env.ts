import type os from 'node:os';
import type { Env, RenderResult } from '../env.ts';
import { EnvironmentFailed, GymError } from '../errors.ts';
import { importByName } from '../import-by-name.ts';
import type { EnvSpec } from '../registry/env-spec.ts';
import { make, type MakeOptions, wrapAll } from '../registry/make.ts';
import { findSpec, splitModule } from '../registry/registry.ts';
import type { WrapperSpec } from '../registry/wrapper-spec.ts';
import type { AutoresetMode } from '../vector-env.ts';
import type { SentResult, WorkerData, WorkerEnv, WorkerReply, WorkerRequest } from './async-protocol.ts';
import { BatchingVectorEnv } from './batching-vector-env.ts';
import type { EnvResult, Outcome } from './env-group.ts';
import { EnvWorkers } from './env-workers.ts';
import { type Batch, sharedBatch, split } from './joined-elements.ts';
import { requireMode } from './requirements.ts';
import type { EachReset } from './reset-options.ts';

/** One environment of an AsyncVectorEnv: named, because functions cannot be sent to a thread. */
export interface NamedEnv {
  /**
   * An id or a spec whose entry point is `module:export`, or `module:id` where importing the module registers it;
   * modules are packages or URLs.
   */
  id: string | EnvSpec;
  /** As `make` takes them; values that can be copied to another thread. */
  options?: MakeOptions;
  /** Wrappers around it, innermost first, their entry points as `module:export`. */
  wrappers?: readonly WrapperSpec[];
}

export interface AsyncVectorEnvOptions {
  /** Default `nextStep`. */
  autoresetMode?: AutoresetMode;
  /** Threads, at most one per environment; default: as many as cores. */
  workers?: number;
  /** Seconds that a reset or step may take before the environment at work is given up; default 0: any time. */
  timeout?: number;
}

/**
 * Environments in worker threads of Node (gymnasium.vector.AsyncVectorEnv). What it gives does not depend on the number
 * of threads. A thread that died or hung leaves the vector unusable but for `close`; an environment that threw does
 * not.
 */
export class AsyncVectorEnv<Observation, Action> extends BatchingVectorEnv<Observation, Action> {
  private readonly workers: EnvWorkers;
  /** What the threads were born with: the memory where each puts its observations. */
  private readonly data: readonly WorkerData[];

  /**
   * Makes the environments. Throws GymError where one cannot be named to a thread, RangeError for a number out of
   * range, EnvironmentFailed where one cannot be made.
   */
  static async create<Observation = unknown, Action = unknown>(
    envs: readonly NamedEnv[],
    { autoresetMode = 'nextStep', workers, timeout = 0 }: AsyncVectorEnvOptions = {},
  ): Promise<AsyncVectorEnv<Observation, Action>> {
    const mode = requireMode(autoresetMode);
    const [model] = envs;
    if (!model) throw new RangeError('a vector needs at least one environment');
    const { availableParallelism } = (await importByName('node:os')) as typeof os;
    const threads = workers ?? Math.min(availableParallelism(), envs.length);
    if (!Number.isInteger(threads) || threads < 1 || threads > envs.length) {
      throw new RangeError(`workers ${threads} is not a whole number from 1 to the ${envs.length} environments`);
    }
    if (!(timeout >= 0)) throw new RangeError(`timeout ${timeout} is not a number of seconds`);
    const sources: WorkerEnv[] = [];
    for (const env of envs) sources.push(await workerEnv(env));
    // Its spaces are needed here, too.
    const made = await wrapAll(await make(model.id, model.options), model.wrappers ?? []);
    made.close();
    const one = made as Env<Observation, Action>;
    const data = Array.from({ length: threads }, (_, i): WorkerData => {
      const [first, end] = [i, i + 1].map((part) => Math.floor((part * envs.length) / threads)) as [number, number];
      const inHand = new Int32Array(new SharedArrayBuffer(4)).fill(first);
      const observations = sharedBatch(one.observationSpace, end - first);
      return { envs: sources.slice(first, end), first, mode, inHand, observations };
    });
    return new AsyncVectorEnv(one, mode, data, await EnvWorkers.start(data, timeout));
  }

  private constructor(
    one: Env<Observation, Action>,
    autoresetMode: AutoresetMode,
    data: readonly WorkerData[],
    workers: EnvWorkers,
  ) {
    super(
      one,
      data.reduce((sum, { envs }) => sum + envs.length, 0),
      autoresetMode,
    );
    this.data = data;
    this.workers = workers;
  }

  protected resetEnvs({ seeds, options, mask }: EachReset): Promise<Outcome<EnvResult>> {
    return this.ask((first, end) => ({
      kind: 'reset',
      seeds: seeds.slice(first, end),
      options,
      mask: mask?.slice(first, end),
    }));
  }

  protected stepEnvs(actions: readonly Action[]): Promise<Outcome<EnvResult>> {
    return this.ask((first, end) => ({ kind: 'step', actions: actions.slice(first, end) }));
  }

  protected async renderEnvs(): Promise<RenderResult[]> {
    return values(await this.workers.ask(() => ({ kind: 'render' }))) as RenderResult[];
  }

  protected async callEnvs(name: string, args: readonly unknown[]): Promise<unknown[]> {
    return values(await this.workers.ask(() => ({ kind: 'call', name, args })));
  }

  protected closeEnvs(): Promise<void> {
    return this.workers.close();
  }

  private async ask(request: (first: number, end: number) => WorkerRequest): Promise<Outcome<EnvResult>> {
    const told = (await this.workers.ask(request)).filter((reply) => reply.kind === 'results');
    const failure = told.find((reply) => reply.failure)?.failure;
    return {
      results: this.withObservations(told.flatMap((reply) => reply.results)),
      failed: failure && EnvironmentFailed.from(failure.env, failure.error),
    };
  }

  /** Each result with its observation, where that lies in shared memory a view into it. */
  private withObservations(results: readonly (SentResult | undefined)[]): (EnvResult | undefined)[] {
    const views = this.data.flatMap(({ observations, envs }) =>
      observations === undefined
        ? []
        : split(this.singleObservationSpace, observations as Batch<Observation>, envs.length),
    );
    return results.map((result, i) => result && { observation: views[i], ...result });
  }
}

function values(replies: readonly WorkerReply[]): unknown[] {
  return replies.flatMap((reply) => (reply.kind === 'values' ? reply.values : []));
}

/** Throws GymError where a thread could not make it. */
async function workerEnv({ id, options = {}, wrappers = [] }: NamedEnv): Promise<WorkerEnv> {
  const spec = typeof id === 'string' ? await findSpec(id) : id;
  for (const wrapper of wrappers) {
    if (typeof wrapper.entryPoint !== 'string') {
      throw new GymError(`${spec.id}: a thread cannot get the wrapper ${wrapper.name}; name it as "module:export"`);
    }
  }
  if (typeof spec.entryPoint === 'string') return { json: spec.toJson(), options, wrappers };
  if (typeof id === 'string' && splitModule(id).module !== undefined) return { id, options, wrappers };
  throw new GymError(
    `${spec.id}: a thread cannot get its entry point, a function; register it as "module:export", ` +
      `or ask for "module:${spec.id}" with the module that registers it`,
  );
}
