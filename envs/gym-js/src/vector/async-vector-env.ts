import type os from 'node:os';
import type { Env, RenderResult } from '../env.ts';
import { AlreadyPendingCallError, ClosedEnvironmentError, GymError } from '../errors.ts';
import { importByName } from '../import-by-name.ts';
import type { EnvSpec } from '../registry/env-spec.ts';
import { make, type MakeOptions, wrap } from '../registry/make.ts';
import { findSpec, splitModule } from '../registry/registry.ts';
import type { WrapperSpec } from '../registry/wrapper-spec.ts';
import type { Space } from '../spaces/space.ts';
import type {
  AutoresetMode,
  VectorEnv,
  VectorEnvMetadata,
  VectorResetOptions,
  VectorResetResult,
  VectorStepResult,
} from '../vector-env.ts';
import type { SentResult, WorkerData, WorkerEnv, WorkerReply, WorkerRequest } from './async-protocol.ts';
import { type Batch, join, sharedBatch, spaceOf, split } from './batch.ts';
import { EnvWorkers } from './env-workers.ts';
import { requireMode } from './requirements.ts';
import { eachReset } from './reset-options.ts';
import { batchResults } from './results.ts';

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
export class AsyncVectorEnv<Observation, Action> implements VectorEnv<
  Observation,
  Action,
  Batch<Observation>,
  Batch<Action>
> {
  readonly numEnvs: number;
  readonly metadata: VectorEnvMetadata;
  readonly renderMode: string | undefined;
  spec: EnvSpec | undefined;
  readonly singleObservationSpace: Space<Observation>;
  readonly singleActionSpace: Space<Action>;
  readonly observationSpace: Space<Batch<Observation>>;
  readonly actionSpace: Space<Batch<Action>>;
  private readonly workers: EnvWorkers;
  /** What the threads were born with: the memory where each puts its observations. */
  private readonly data: readonly WorkerData[];
  /** (numEnvs), where that memory cannot be shared. */
  private latest: unknown[] = [];
  private pending: string | undefined;
  private closed = false;

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
    let one = await make<Observation, Action>(model.id, model.options);
    for (const wrapper of model.wrappers ?? []) one = (await wrap(one, wrapper)) as Env<Observation, Action>;
    one.close();
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
    const numEnvs = data.reduce((sum, { envs }) => sum + envs.length, 0);
    this.numEnvs = numEnvs;
    this.metadata = { ...one.metadata, autoresetMode };
    this.renderMode = one.renderMode;
    this.singleObservationSpace = one.observationSpace;
    this.singleActionSpace = one.actionSpace;
    this.observationSpace = spaceOf(one.observationSpace, numEnvs);
    this.actionSpace = spaceOf(one.actionSpace, numEnvs);
    this.data = data;
    this.workers = workers;
  }

  async reset(options: VectorResetOptions = {}): Promise<VectorResetResult<Batch<Observation>>> {
    const { seeds, options: others, mask } = eachReset(options, this.numEnvs);
    const replies = await this.ask('reset', (first, end) => ({
      kind: 'reset',
      seeds: seeds.slice(first, end),
      options: others,
      mask: mask?.slice(first, end),
    }));
    const results = replies.flatMap((reply) => (reply.kind === 'results' ? reply.results : []));
    return { observations: this.observe(results), infos: batchResults(results).infos };
  }

  async step(actions: Batch<Action>): Promise<VectorStepResult<Batch<Observation>>> {
    const each = split(this.singleActionSpace, actions, this.numEnvs);
    const replies = await this.ask('step', (first, end) => ({ kind: 'step', actions: each.slice(first, end) }));
    const results = replies.flatMap((reply) => (reply.kind === 'results' ? reply.results : []));
    return { observations: this.observe(results), ...batchResults(results) };
  }

  async render(): Promise<RenderResult[]> {
    const replies = await this.ask('render', () => ({ kind: 'render' }));
    return values(replies) as RenderResult[];
  }

  async call(name: string, ...args: unknown[]): Promise<unknown[]> {
    return values(await this.ask('call', () => ({ kind: 'call', name, args })));
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.workers.close();
  }

  /** All observations together; of environments left alone the one before. */
  private observe(results: readonly (SentResult | undefined)[]): Batch<Observation> {
    const space = this.singleObservationSpace;
    if (this.data[0]?.observations === undefined) {
      this.latest = results.map((result, i) => (result ? result.observation : this.latest[i]));
    } else {
      this.latest = this.data.flatMap(({ observations, envs }) =>
        split(space, observations as Batch<Observation>, envs.length),
      );
    }
    return join(space, this.latest as Observation[]);
  }

  private async ask(name: string, request: (first: number, end: number) => WorkerRequest): Promise<WorkerReply[]> {
    if (this.closed) throw new ClosedEnvironmentError('the environments are closed');
    if (this.pending)
      throw new AlreadyPendingCallError(`${name}() while ${this.pending}() is under way; await it first`);
    this.pending = name;
    try {
      return await this.workers.ask(request);
    } finally {
      this.pending = undefined;
    }
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
