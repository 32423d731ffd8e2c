import type threadsModule from 'node:worker_threads';
import type { Worker } from 'node:worker_threads';
import { EnvironmentFailed } from '../errors.ts';
import { importByName } from '../import-by-name.ts';
import type { WorkerData, WorkerReply, WorkerRequest } from './async-protocol.ts';

/** Milliseconds that environments have to close by themselves. */
const closingTime = 5000;

interface Waiting {
  resolve: (reply: WorkerReply) => void;
  reject: (error: EnvironmentFailed) => void;
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
      await allSettled(threads.map((thread) => thread.answer(0)));
      return workers;
    } catch (error) {
      await workers.terminate();
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

  /** Lets the environments close, where their thread is not at work, and ends all threads. */
  async close(): Promise<void> {
    const closing = this.threads.filter((thread) => thread.idle).map((thread) => thread.ask({ kind: 'close' }));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, closingTime)));
    await Promise.race([Promise.allSettled(closing), late]);
    clearTimeout(timer);
    await this.terminate();
  }

  private async terminate(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.terminate()));
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
  private dead: EnvironmentFailed | undefined;

  constructor(worker: Worker, { first, envs, inHand }: WorkerData, timeout: number) {
    this.first = first;
    this.end = first + envs.length;
    this.worker = worker;
    this.inHand = inHand;
    this.timeout = timeout;
    worker.on('message', (reply: WorkerReply) => {
      const { waiting } = this;
      this.waiting = undefined;
      if (reply.kind === 'failed') waiting?.reject(new EnvironmentFailed(reply.env, reply.reason));
      else waiting?.resolve(reply);
    });
    worker.on('error', (error) => this.die(error.message.split('\n')[0] ?? ''));
    worker.on('exit', (code) => this.die(`its thread ended with exit code ${code}`));
  }

  get idle(): boolean {
    return !this.waiting && !this.dead;
  }

  ask(request: WorkerRequest): Promise<WorkerReply> {
    if (this.dead) return Promise.reject(this.dead);
    try {
      this.worker.postMessage(request);
    } catch (error) {
      return Promise.reject(EnvironmentFailed.from(this.first, error));
    }
    return this.answer(this.timeout);
  }

  /** The next reply; `timeout` 0 waits any time for it. */
  async answer(timeout: number): Promise<WorkerReply> {
    if (this.dead) throw this.dead;
    // A thread keeps the program from ending only while someone waits for it.
    this.worker.ref();
    let timer: NodeJS.Timeout | undefined;
    if (timeout > 0) {
      timer = setTimeout(() => {
        this.die(`no answer within ${timeout} s`);
        void this.worker.terminate();
      }, timeout * 1000);
    }
    try {
      return await new Promise((resolve, reject) => (this.waiting = { resolve, reject }));
    } finally {
      clearTimeout(timer);
      this.worker.unref();
    }
  }

  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  /** The first reason is kept: what follows from it is not worth telling. */
  private die(reason: string): void {
    this.dead ??= new EnvironmentFailed(Atomics.load(this.inHand, 0), reason);
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
