import type threadsModule from 'node:worker_threads';
import type { Worker } from 'node:worker_threads';
import { ClosedEnvironmentError, EnvironmentFailed, type GymError } from '../errors.ts';
import { importByName } from '../import-by-name.ts';
import type { WorkerData, WorkerReply, WorkerRequest } from './async-protocol.ts';

/** Seconds that environments have to close by themselves. */
const closingTime = 5;

interface Waiting {
  resolve: (reply: WorkerReply) => void;
  reject: (error: GymError) => void;
}

/** The threads of an AsyncVectorEnv. One that dies or hangs fails the request under way and all that follow. */
export class EnvWorkers {
  private readonly threads: Thread[];

  private constructor(threads: Thread[]) {
    this.threads = threads;
  }

  /**
   * Starts a thread for each of `data` and waits until all have made their environments. Throws EnvironmentFailed for
   * the first that cannot, with all threads ended.
   * @param timeout seconds that a request may take, 0 for any time; making the environments may always take any
   */
  static async start(data: readonly WorkerData[], timeout: number): Promise<EnvWorkers> {
    const { Worker } = (await importByName('node:worker_threads')) as typeof threadsModule;
    const source = import.meta.url.endsWith('.ts');
    const entry = new URL(source ? './worker-source.mjs' : './worker.js', import.meta.url);
    const threads = data.map((workerData) => {
      const { first, envs } = workerData;
      const name = `environments ${first} to ${first + envs.length - 1}`;
      return new Thread(new Worker(entry, { workerData, name }), workerData, timeout);
    });
    const workers = new EnvWorkers(threads);
    try {
      await allSettled(threads.map((thread) => thread.begin()));
      return workers;
    } catch (error) {
      // Where closing the others fails as well, nothing is said of it.
      await workers.close().catch(() => {});
      throw error;
    }
  }

  /**
   * Sends each thread its request and waits for all replies; nothing may be under way. Throws EnvironmentFailed for the
   * first environment that failed.
   */
  async ask(request: (first: number, end: number) => WorkerRequest): Promise<WorkerReply[]> {
    return allSettled(this.threads.map((thread) => thread.ask(request(thread.first, thread.end))));
  }

  /**
   * Lets the environments close, where their thread is not at work, and ends all threads. Throws EnvironmentFailed for
   * the first environment that cannot close, when all threads have ended.
   */
  async close(): Promise<void> {
    await allSettled(this.threads.map((thread) => thread.close()));
  }
}

class Thread {
  /** The numbers of its environments: from `first` up to but without `end`. */
  readonly first: number;
  readonly end: number;
  private readonly worker: Worker;
  private readonly inHand: Int32Array;
  private readonly timeout: number;
  private waiting: Waiting | undefined;
  /** Why nothing can be asked of it any more. */
  private dead: GymError | undefined;

  constructor(worker: Worker, { first, envs, inHand }: WorkerData, timeout: number) {
    this.first = first;
    this.end = first + envs.length;
    this.worker = worker;
    this.inHand = inHand;
    this.timeout = timeout;
    worker.on('message', (reply: WorkerReply) => {
      const { waiting } = this;
      this.waiting = undefined;
      if (reply.kind === 'failed') waiting?.reject(EnvironmentFailed.from(reply.failure.env, reply.failure.error));
      else waiting?.resolve(reply);
    });
    worker.on('error', (error: unknown) => this.die(EnvironmentFailed.from(this.atWork, error)));
    worker.on('exit', (code) =>
      this.die(new EnvironmentFailed(this.atWork, `its thread ended with exit code ${code}`)),
    );
  }

  /** Waits until its environments are made. Nothing can be asked of it where this throws. */
  async begin(): Promise<void> {
    try {
      await this.answer(0);
    } catch (error) {
      this.dead ??= error as GymError;
      throw error;
    }
  }

  /** `timeout` in seconds, 0 for any time. */
  ask(request: WorkerRequest, timeout = this.timeout): Promise<WorkerReply> {
    if (this.dead) return Promise.reject(this.dead);
    try {
      this.worker.postMessage(request);
    } catch (error) {
      return Promise.reject(EnvironmentFailed.from(this.first, error));
    }
    return this.answer(timeout);
  }

  async close(): Promise<void> {
    try {
      if (!this.waiting && !this.dead) await this.ask({ kind: 'close' }, closingTime);
    } finally {
      this.die(new ClosedEnvironmentError('the environments were closed before the call under way had ended'));
      await this.worker.terminate();
    }
  }

  /** The next reply. */
  private async answer(timeout: number): Promise<WorkerReply> {
    if (this.dead) throw this.dead;
    // A thread keeps the program from ending only while someone waits for it.
    this.worker.ref();
    let timer: NodeJS.Timeout | undefined;
    if (timeout > 0) {
      timer = setTimeout(() => {
        this.die(new EnvironmentFailed(this.atWork, `no answer within ${timeout} s`));
        void this.worker.terminate();
      }, timeout * 1000);
    }
    try {
      return await new Promise((resolve, reject) => (this.waiting = { resolve, reject }));
    } finally {
      clearTimeout(timer);
      // One that is being ended is waited for.
      if (!this.dead) this.worker.unref();
    }
  }

  /** The number of the environment that is at work, or was last. */
  private get atWork(): number {
    return Atomics.load(this.inHand, 0);
  }

  /** The first reason is kept: what follows from it is not worth telling. */
  private die(reason: GymError): void {
    this.dead ??= reason;
    this.waiting?.reject(this.dead);
    this.waiting = undefined;
  }
}

/** All results once nothing is under way any more; throws the first failure then. */
async function allSettled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
