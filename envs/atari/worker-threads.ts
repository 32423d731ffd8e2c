import { Worker } from 'node:worker_threads';
import { UserError } from '../user-error.ts';
import { type PoolSize, type SharedMemory, wordStride, workerOf } from './shared-memory.ts';
import type { EnvironmentSetup, WorkerData, WorkerMessage } from './worker-protocol.ts';

export interface ThreadsOptions {
  readonly size: PoolSize;
  readonly environments: readonly EnvironmentSetup[];
  /** The script that a thread runs. */
  readonly entry: URL;
  readonly shared: SharedMemory;
  /** What a worker starts with, asked for at each start. */
  readonly workerData: (worker: number) => WorkerData;
  /** Seconds without progress after which a worker that has something to do counts as hanging. */
  readonly stepLimit: number;
  /** Seconds that a worker may take to start, with its games to load. */
  readonly startLimit: number;
  /** A number that changes whenever the worker gets something done; undefined while it has nothing to do. */
  readonly progress: (worker: number) => number | undefined;
  /** What the user can do about a worker that fails after it began, for the error's line. */
  readonly mend: string;
  /** A worker saved an environment. */
  readonly onSaved: (env: number, bytes: Uint8Array) => void;
  /** Called whenever one fails or they are closed. */
  readonly onStop: (reason: Error) => void;
}

/** How often the watch looks within the shorter limit. */
const looksPerLimit = 4;
/** Environments that an error names, where it cannot be said which one failed. */
const namedAtMost = 8;

/** The threads of a pool, from start to end. The first that fails stops the pool, until it is replaced. */
export class WorkerThreads {
  /** Why they cannot go on, once that is so: the first that failed, or that they were closed. */
  stopped: Error | undefined;

  private readonly options: ThreadsOptions;
  private readonly threads: Worker[] = [];
  private readonly failures = new Set<number>();
  private readonly began = new Set<number>();
  /** What the watch saw of each worker: its progress, and looks since that changed. */
  private readonly seen: { progress: number | undefined; still: number }[] = [];
  /** Per worker, what is to be done when its thread fails, and to give up waiting for its start. */
  private readonly onFailure: ((reason: string) => void)[] = [];
  private readonly cancelStart: ((reason: Error) => void)[] = [];
  /** Seconds. */
  private readonly lookEvery: number;
  private readonly watch: NodeJS.Timeout;
  private closed = false;
  private replacing = false;

  constructor(options: ThreadsOptions) {
    this.options = options;
    this.lookEvery = Math.min(options.stepLimit, options.startLimit) / looksPerLimit;
    // Looks are counted, not time: a main thread that was busy for long has seen nobody hang.
    this.watch = setInterval(() => this.look(), this.lookEvery * 1000).unref();
  }

  /**
   * Starts all workers. Resolves with the names of the actions once all can begin; rejects if one cannot, or if they
   * are closed before.
   */
  async start(): Promise<readonly string[]> {
    const { workers } = this.options.size;
    const [names = []] = await Promise.all(Array.from({ length: workers }, (_, worker) => this.startWorker(worker)));
    return names;
  }

  /** The workers that failed and were not replaced. */
  get failed(): number[] {
    return [...this.failures];
  }

  /** Replaces those that failed by new ones. Rejects where one cannot begin: all is as before then. */
  async replace(): Promise<void> {
    this.replacing = true;
    this.keepAlive();
    try {
      const { failed } = this;
      await Promise.all(failed.map(async (worker) => this.threads[worker]?.terminate()));
      this.requireOpen();
      const started = await Promise.allSettled(failed.map((worker) => this.startWorker(worker)));
      this.requireOpen();
      for (const start of started) if (start.status === 'rejected') throw start.reason;
      if (this.failures.size > 0) throw this.stopped ?? new Error('another worker failed; call restart() again');
      this.stopped = undefined;
    } finally {
      this.replacing = false;
      if (this.stopped) this.letGo();
    }
  }

  /** Ends all threads, wherever they are, and resolves when they are gone. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.watch);
    const closed = new Error('the environments are closed');
    this.stop(closed);
    for (const cancel of this.cancelStart) cancel(closed);
    this.keepAlive();
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }

  private requireOpen(): void {
    if (this.closed) throw new Error('the environments are closed');
  }

  /** Whoever waits for the threads is not to be left waiting by an end of the process. */
  private keepAlive(): void {
    for (const thread of this.threads) thread.ref();
  }

  /** Whoever does not close the pool is not to be kept alive by what is left of it. */
  private letGo(): void {
    for (const worker of this.began) this.threads[worker]?.unref();
  }

  private startWorker(worker: number): Promise<readonly string[]> {
    const { entry, workerData, onSaved, shared } = this.options;
    const data = workerData(worker);
    this.began.delete(worker);
    this.failures.delete(worker);
    this.seen[worker] = { progress: undefined, still: 0 };
    shared.inHand[worker * wordStride] = -1;
    // No options of the main thread: what they load (a TypeScript loader) the entry loads itself.
    const thread = new Worker(entry, { workerData: data, execArgv: [], name: `atari ${worker}` });
    this.threads[worker] = thread;
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void => {
        if (this.closed || this.threads[worker] !== thread || this.failures.has(worker)) return;
        reject(this.fail(worker, reason));
      };
      this.onFailure[worker] = fail;
      this.cancelStart[worker] = reject;
      thread.on('message', (message: WorkerMessage) => {
        if (message.kind === 'failed') return fail(message.reason);
        if (this.threads[worker] !== thread) return;
        if (message.kind === 'saved') return onSaved(message.env, message.bytes);
        this.began.add(worker);
        resolve(message.actionMeanings);
      });
      thread.on('error', (error) => fail(error.message));
      thread.on('exit', (code) => fail(`its thread ended with exit code ${code}`));
    });
  }

  private fail(worker: number, reason: string): Error {
    this.failures.add(worker);
    if (!this.replacing) this.letGo();
    const error = this.explain(worker, reason);
    this.stop(error);
    return error;
  }

  /** The first reason is kept: what follows from it is not worth saying. */
  private stop(reason: Error): void {
    this.stopped ??= reason;
    this.options.onStop(this.stopped);
  }

  private look(): void {
    const { progress: progressOf, stepLimit, startLimit } = this.options;
    for (const [worker, seen] of this.seen.entries()) {
      const began = this.began.has(worker);
      const progress = began ? progressOf(worker) : -1;
      seen.still = progress !== undefined && progress === seen.progress ? seen.still + 1 : 0;
      seen.progress = progress;
      const limit = began ? stepLimit : startLimit;
      if (seen.still < limit / this.lookEvery || this.failures.has(worker)) continue;
      this.onFailure[worker]?.(`it ${began ? 'got nothing done' : 'did not start'} within ${limit} s`);
      void this.threads[worker]?.terminate();
    }
  }

  private explain(worker: number, reason: string): UserError {
    const short = /memory/i.test(reason);
    const after = this.began.has(worker) ? `; ${this.options.mend}` : short ? '; take fewer environments' : '';
    return new UserError(`${this.describe(worker)}: ${reason.split('\n')[0]}${after}`);
  }

  /** The environment that a worker has in hand, else all that it plays: `Pong, environments 0, 2 (seeds 9, 11)`. */
  private describe(worker: number): string {
    const { shared, environments, size } = this.options;
    const inHand = shared.inHand[worker * wordStride] ?? -1;
    const envs = inHand >= 0 ? [inHand] : [...environments.keys()].filter((env) => workerOf(env, size) === worker);
    const games = [...new Set(envs.map((env) => environments[env]?.game.name))];
    const seeds = envs.map((env) => shared.seeds[env]);
    const s = envs.length === 1 ? '' : 's';
    return `${listed(games)}, environment${s} ${listed(envs)} (seed${s} ${listed(seeds)})`;
  }
}

function listed(values: readonly unknown[]): string {
  const more = values.length - namedAtMost;
  const shown = values.slice(0, namedAtMost).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
