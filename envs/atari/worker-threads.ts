import { Worker } from 'node:worker_threads';
import { UserError } from '../user-error.ts';
import type { SharedRollout } from './shared-rollout.ts';
import type { WorkerData, WorkerMessage } from './worker-protocol.ts';

/** What all threads of one pool are born with. */
export type PoolData = Omit<WorkerData, 'worker'>;

/** The threads of a pool, from birth to end. The first that fails fails all of them. */
export class WorkerThreads {
  /** Why they cannot go on, once that is so: the first that failed, or that they were closed. */
  stopped: Error | undefined;
  /** Resolves with the names of the actions once all threads can begin; rejects with what stopped them. */
  readonly ready: Promise<readonly string[]>;

  private readonly threads: Worker[];
  private readonly data: PoolData;
  private readonly shared: SharedRollout;
  private readonly onStop: () => void;
  private started = false;

  /** Starts them, each with the script `entry`. `onStop` is called whenever one fails or they are closed. */
  constructor(entry: URL, data: PoolData, shared: SharedRollout, onStop: () => void) {
    this.data = data;
    this.shared = shared;
    this.onStop = onStop;
    this.threads = Array.from({ length: data.size.workers }, (_, worker) => {
      const workerData: WorkerData = { ...data, worker };
      // No options of the main thread: what they load (a TypeScript loader) the entry loads itself.
      return new Worker(entry, { workerData, execArgv: [], name: `${data.game.name} ${worker}` });
    });
    this.ready = new Promise((resolve, reject) => {
      let waiting = this.threads.length;
      for (const [worker, thread] of this.threads.entries()) {
        const fail = (reason: string): void => reject(this.stop(this.explain(worker, reason)));
        thread.on('message', (message: WorkerMessage) => {
          if (message.kind === 'failed') return fail(message.reason);
          waiting -= 1;
          if (waiting > 0) return;
          this.started = true;
          resolve(message.actionMeanings);
        });
        thread.on('error', (error) => fail(error.message));
        thread.on('exit', (code) => fail(`its thread ended with exit code ${code}`));
      }
    });
  }

  /** Ends all threads, wherever they are, and resolves when they are gone. */
  async close(): Promise<void> {
    this.stop(new Error('the environments are closed'));
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }

  /** The first reason is kept: what follows from it is not worth telling. */
  private stop(reason: Error): Error {
    this.stopped ??= reason;
    this.onStop();
    return this.stopped;
  }

  private explain(worker: number, reason: string): UserError {
    const { game, seeds } = this.data;
    const inHand = this.shared.inHand[worker] ?? -1;
    const env = inHand >= 0 ? inHand : worker; // its first one, where it had none in hand
    const short = /memory/i.test(reason);
    const mend = this.started ? '; go on from the last checkpoint' : short ? '; take fewer environments' : '';
    return new UserError(`${game.name}, environment ${env} (seed ${seeds[env]}): ${reason.split('\n')[0]}${mend}`);
  }
}
