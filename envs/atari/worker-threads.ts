import { Worker } from 'node:worker_threads';
import { UserError } from '../user-error.ts';
import { type SharedMemory, wordStride } from './shared-memory.ts';
import type { EnvironmentSetup, WorkerData, WorkerMessage } from './worker-protocol.ts';

export interface ThreadsOptions {
  readonly environments: readonly EnvironmentSetup[];
  /** The script that a thread runs. */
  readonly entry: URL;
  readonly shared: SharedMemory;
  /** What a worker is born with, asked for at each birth. */
  readonly birth: (worker: number) => WorkerData;
  /** Seconds without progress after which a worker that has something to do counts as hanging. */
  readonly stepLimit: number;
  /** A number that changes whenever the worker gets something done; undefined while it has nothing to do. */
  readonly progress: (worker: number) => number | undefined;
  /** What the user can do about a worker that fails after it began, for the error's line. */
  readonly mend: string;
  /** A worker saved an environment. */
  readonly onSaved: (env: number, bytes: Uint8Array) => void;
  /** Called whenever one fails or they are closed. */
  readonly onStop: (reason: Error) => void;
}

/** How often per limit the watch looks. */
const looksPerLimit = 4;
/** To start, with its games to load, a worker has so many times the limit of a step. */
const stepsPerStart = 5;

/** The threads of a pool, from birth to end. The first that fails stops the pool, until it is replaced. */
export class WorkerThreads {
  /** Why they cannot go on, once that is so: the first that failed, or that they were closed. */
  stopped: Error | undefined;

  private readonly options: ThreadsOptions;
  private readonly threads: Worker[] = [];
  private readonly failed = new Set<number>();
  private readonly began = new Set<number>();
  /** What the watch saw of each worker: its progress, and looks since that changed. */
  private readonly seen: { progress: number | undefined; still: number }[] = [];
  /** Per worker, what is to be done when its thread fails. */
  private readonly onFailure: ((reason: string) => void)[] = [];
  private readonly watch: NodeJS.Timeout;
  private closed = false;
  private replacing = false;

  constructor(options: ThreadsOptions) {
    this.options = options;
    // Looks are counted, not time: a main thread that was busy for long has seen nobody hang.
    this.watch = setInterval(() => this.look(), (options.stepLimit * 1000) / looksPerLimit).unref();
  }

  /** Starts `workers` threads. Resolves with the names of the actions once all can begin; rejects if one cannot. */
  async start(workers: number): Promise<readonly string[]> {
    const [names = []] = await Promise.all(Array.from({ length: workers }, (_, worker) => this.bear(worker)));
    return names;
  }

  /** The workers that failed. */
  get dead(): number[] {
    return [...this.failed];
  }

  /** Replaces those that failed by new ones. Rejects where one cannot begin: all is as before then. */
  async replace(): Promise<void> {
    this.replacing = true;
    this.keepAlive();
    try {
      const dead = this.dead;
      await Promise.all(dead.map(async (worker) => this.threads[worker]?.terminate()));
      if (this.closed) throw this.stopped ?? new Error('the environments are closed');
      const born = await Promise.allSettled(dead.map((worker) => this.bear(worker)));
      for (const birth of born) if (birth.status === 'rejected') throw birth.reason;
      if (this.failed.size > 0 || this.closed) throw this.stopped ?? new Error('the environments are closed');
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
    this.stop(new Error('the environments are closed'));
    this.keepAlive();
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }

  /** Whoever waits for the threads is not to be left waiting by an end of the process. */
  private keepAlive(): void {
    for (const thread of this.threads) thread.ref();
  }

  /** Whoever does not close the pool is not to be kept alive by what is left of it. */
  private letGo(): void {
    for (const worker of this.began) this.threads[worker]?.unref();
  }

  private bear(worker: number): Promise<readonly string[]> {
    const { entry, birth, onSaved } = this.options;
    const workerData = birth(worker);
    this.began.delete(worker);
    this.failed.delete(worker);
    this.seen[worker] = { progress: undefined, still: 0 };
    // No options of the main thread: what they load (a TypeScript loader) the entry loads itself.
    const thread = new Worker(entry, { workerData, execArgv: [], name: `atari ${worker}` });
    this.threads[worker] = thread;
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void => {
        if (this.closed || this.threads[worker] !== thread || this.failed.has(worker)) return;
        reject(this.fail(worker, reason));
      };
      this.onFailure[worker] = fail;
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
    this.failed.add(worker);
    if (!this.replacing) this.letGo();
    const error = this.explain(worker, reason);
    this.stop(error);
    return error;
  }

  /** The first reason is kept: what follows from it is not worth telling. */
  private stop(reason: Error): void {
    this.stopped ??= reason;
    this.options.onStop(this.stopped);
  }

  private look(): void {
    const { progress: progressOf, stepLimit } = this.options;
    for (const [worker, seen] of this.seen.entries()) {
      const began = this.began.has(worker);
      const progress = began ? progressOf(worker) : -1;
      seen.still = progress !== undefined && progress === seen.progress ? seen.still + 1 : 0;
      seen.progress = progress;
      const limit = began ? 1 : stepsPerStart;
      if (seen.still < looksPerLimit * limit || this.failed.has(worker)) continue;
      const did = began ? 'made no step' : 'did not start';
      this.onFailure[worker]?.(`it ${did} within ${stepLimit * limit} s`);
      void this.threads[worker]?.terminate();
    }
  }

  private explain(worker: number, reason: string): UserError {
    const { shared, environments, mend } = this.options;
    const inHand = shared.inHand[worker * wordStride] ?? -1;
    const env = inHand >= 0 ? inHand : worker; // its first one, where it had none in hand
    const short = /memory/i.test(reason);
    const after = this.began.has(worker) ? `; ${mend}` : short ? '; take fewer environments' : '';
    const name = environments[env]?.game.name;
    return new UserError(`${name}, environment ${env} (seed ${shared.seeds[env]}): ${reason.split('\n')[0]}${after}`);
  }
}
