import { UserError } from '../user-error.ts';
import { type Command, commands, commandsDone, postCommand, ringAll, wakeWorker } from './handshake.ts';
import { History } from './history.ts';
import { PendingCommands } from './pending-commands.ts';
import { PendingSaves } from './pending-saves.ts';
import type { WorkerPoolLimits } from './pool-limits.ts';
import { releaseSharedMemory, type SharedMemory, sharedMemory, wordStride, workerOf } from './shared-memory.ts';
import type { PoolSetup, WorkerData } from './worker-protocol.ts';
import { WorkerThreads } from './worker-threads.ts';

export interface WorkerPoolOptions extends WorkerPoolLimits {
  /** The script that a thread runs; tests put one there that breaks. */
  readonly entry?: URL | undefined;
  /** What the user can do about a worker that fails. */
  readonly mend: string;
}

const workerEntry = new URL('./worker-entry.mjs', import.meta.url);

/**
 * Atari environments in worker threads, driven one by one: each command is done by the worker that owns the
 * environment, in the order in which that worker got its commands. What a learner sees of it, AtariPool and
 * AtariVectorEnv decide.
 */
export class WorkerPool {
  /** Empty arrays once the pool is closed. */
  readonly shared: SharedMemory;
  /** One name per action. */
  actionMeanings: readonly string[] = [];

  private setup: PoolSetup;
  private readonly options: WorkerPoolOptions;
  /** Per environment; none at all where nobody wants to restart. */
  private histories: History[];
  private readonly pending: PendingCommands;
  private readonly saves: PendingSaves;
  private readonly stopListeners = new Set<(reason: Error) => void>();
  private readonly unwoken = new Set<number>();
  private threads: WorkerThreads;
  /** All that may be alive: while states are restored, the new threads beside the old ones. */
  private readonly alive = new Set<WorkerThreads>();
  private restarting = false;
  private closed = false;
  /** Workers whose queue was lost with the thread. */
  private readonly lostQueues = new Set<number>();

  /**
   * Starts the workers. Rejects with a UserError that names the environment which keeps one from beginning.
   */
  static async start(setup: PoolSetup, options: WorkerPoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(setup, options);
    try {
      pool.actionMeanings = await pool.threads.start();
    } catch (error) {
      await pool.close();
      throw error;
    }
    pool.keep(pool.histories);
    return pool;
  }

  private constructor(setup: PoolSetup, options: WorkerPoolOptions) {
    const { environments, memory, size } = setup;
    this.setup = setup;
    this.options = options;
    this.shared = sharedMemory(memory, size);
    this.shared.seeds.set(environments.map(({ seed }) => seed));
    this.histories = environments.map(({ seed }) => new History(seed));
    this.saves = new PendingSaves(size);
    this.pending = new PendingCommands(this.shared, size);
    this.threads = this.newThreads(this.histories);
  }

  /** Why the pool cannot go on, if so. */
  get stopped(): Error | undefined {
    return this.threads.stopped;
  }

  /** A step of `env` with action `action` (an index), from observation row `row` to the next. Then call `wake`. */
  step(env: number, row: number, action: number): void {
    this.requireReady();
    this.shared.actions[env] = action;
    const history = this.histories[env];
    history?.step(action);
    this.submit({ env, kind: commands.step, row });
    if (history && history.length >= this.options.snapshotEvery && !this.saves.has(env)) {
      this.submitSave(env, (row + 1) % this.setup.size.rows);
    }
  }

  /** The next episode of `env`, observed in `row`: from `seed`, or wherever its randomness is. Then call `wake`. */
  reset(env: number, row: number, seed?: number): void {
    this.requireReady();
    if (seed === undefined) this.histories[env]?.reset();
    else {
      this.shared.seeds[env] = seed;
      this.histories[env]?.restart(seed);
    }
    this.submit({ env, kind: seed === undefined ? commands.reset : commands.restart, row });
  }

  /** Wakes every worker that was given something since the last call. */
  wake(): void {
    for (const worker of this.unwoken) wakeWorker(this.shared, worker);
    this.unwoken.clear();
  }

  /**
   * Resolves once `count` commands of a group, beyond those that `takeDone` returned, are done.
   * Rejects with what stopped the pool: a UserError that names an environment and its seed, or that it is closed.
   */
  async done(group: number, count: number): Promise<void> {
    this.requireRunning();
    const wanted = (this.pending.takenOf(group) + count) | 0;
    await commandsDone(this.shared, this.setup.size, group, wanted, () => this.stopped !== undefined);
    this.requireRunning();
  }

  /** The environments of a group whose commands were done since the last call, each worker's in its own order. */
  takeDone(group: number): number[] {
    return this.pending.takeDone(group);
  }

  /** Every environment's state; `rowOf` says in which row its observation is. No command may be under way. */
  async save(rowOf: (env: number) => number): Promise<Uint8Array[]> {
    this.requireReady();
    let giveUp: (reason: Error) => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => (giveUp = reject));
    this.stopListeners.add(giveUp);
    try {
      this.requireRunning();
      const saved = this.setup.environments.map(
        (_, env) => new Promise<Uint8Array>((resolve) => this.submitSave(env, rowOf(env), resolve)),
      );
      this.wake();
      return await Promise.race([Promise.all(saved), stopped]);
    } finally {
      this.stopListeners.delete(giveUp);
    }
  }

  /**
   * Takes over states that `save` of a pool of the same games and options returned, with `seeds`, and shows them in
   * row 0. No command may be under way. Rejects where a state cannot be taken over; nothing has changed then.
   */
  async restore(states: readonly Uint8Array[], seeds: readonly number[]): Promise<void> {
    this.requireReady();
    this.requireRunning();
    const seedsBefore = this.shared.seeds.slice();
    this.shared.seeds.set(seeds); // errors name them
    // New threads take the states over before the old ones go: a bad state leaves all as it was.
    const histories = states.map((bytes) => new History(bytes));
    const old = this.threads;
    const next = this.newThreads(histories);
    try {
      await next.start();
    } catch (error) {
      await this.end(next);
      if (!this.closed) this.shared.seeds.set(seedsBefore);
      this.shared.inHand.fill(-1);
      throw error;
    }
    const { count, groups, workers } = this.setup.size;
    this.threads = next;
    for (let worker = 0; worker < workers; worker++) this.saves.drop(worker);
    this.keep(histories);
    await this.end(old);
    for (let env = 0; env < count; env++) {
      this.requireReady();
      this.submit({ env, kind: commands.show, row: 0 });
    }
    this.wake();
    for (let group = 0; group < groups; group++) {
      await this.done(group, count / groups);
      this.takeDone(group);
    }
  }

  /**
   * Replaces every worker that failed: its environments begin at their last snapshot, play again what was played since
   * and go on with what was under way, so that nobody can tell. Does nothing where none has failed. Rejects where a
   * worker fails again, or with a UserError where `snapshotEvery` is 0.
   */
  async restart(): Promise<void> {
    this.requireReady();
    const { failed } = this.threads;
    if (failed.length === 0) return;
    if (this.histories.length === 0) {
      throw new UserError('snapshotEvery is 0, so nothing was kept to restart from; open it with snapshotEvery 1000');
    }
    for (const worker of failed) this.lostQueues.add(worker);
    this.restarting = true;
    try {
      await this.threads.replace();
    } finally {
      this.restarting = false;
    }
    for (const worker of this.lostQueues) {
      this.saves.drop(worker); // whoever waited for them knows that it failed
      for (const command of this.pending.of(worker)) this.post(worker, command);
    }
    this.lostQueues.clear();
    this.wake();
  }

  /** Ends every thread, resolves when they are gone, and lets go of the memory. May be called twice. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.alive].map((threads) => this.end(threads)));
    releaseSharedMemory(this.shared);
    this.setup = { ...this.setup, memory: new SharedArrayBuffer(0) };
    this.histories = [];
  }

  private async end(threads: WorkerThreads): Promise<void> {
    await threads.close();
    this.alive.delete(threads);
  }

  private newThreads(histories: readonly History[]): WorkerThreads {
    const { size, environments } = this.setup;
    const { entry = workerEntry, stepLimit, startLimit, mend } = this.options;
    const threads: WorkerThreads = new WorkerThreads({
      ...{ size, environments, entry, shared: this.shared, stepLimit, startLimit, mend },
      workerData: (worker) => this.workerData(worker, histories),
      progress: (worker) => this.progress(worker),
      onSaved: (env, bytes) => this.threads === threads && this.receive(env, bytes),
      onStop: (reason) => {
        if (this.threads !== threads) return;
        ringAll(this.shared);
        for (const listener of this.stopListeners) listener(reason);
      },
    });
    this.alive.add(threads);
    return threads;
  }

  /** The threads have begun where `histories` say: these are gone on with, or done with where nobody is to restart. */
  private keep(histories: History[]): void {
    this.histories = histories;
    if (this.options.snapshotEvery === 0) histories.length = 0;
  }

  private workerData(worker: number, histories: readonly History[]): WorkerData {
    const redone = this.pending.of(worker).filter(({ kind }) => kind !== commands.show);
    const undone = new Set(redone.map(({ env }) => env));
    const beginnings = histories.flatMap((history, env) =>
      workerOf(env, this.setup.size) === worker ? [history.beginning(env, undone.has(env))] : [],
    );
    const taken = Atomics.load(this.shared.posted, worker * wordStride);
    return { ...this.setup, worker, beginnings, taken };
  }

  /** See ThreadsOptions. A worker whose queue was lost has nothing to do until it is posted again. */
  private progress(worker: number): number | undefined {
    const { pending, saves } = this;
    if (this.lostQueues.has(worker) || (pending.of(worker).length === 0 && !saves.awaits(worker))) return undefined;
    return pending.doneBy(worker) + saves.receivedFrom(worker);
  }

  private requireReady(): void {
    if (this.closed) throw this.stopped ?? new Error('the environments are closed');
    if (this.restarting) throw new Error('the environments are being restarted; await restart() first');
  }

  private requireRunning(): void {
    const { stopped } = this;
    if (stopped) throw stopped;
  }

  private submit(command: Command): void {
    this.pending.add(command);
    this.post(workerOf(command.env, this.setup.size), command);
  }

  private submitSave(env: number, row: number, resolve?: (bytes: Uint8Array) => void): void {
    this.saves.add(env, { at: this.histories[env]?.at ?? 0, resolve });
    this.post(workerOf(env, this.setup.size), { env, kind: commands.save, row });
  }

  private post(worker: number, command: Command): void {
    postCommand(this.shared, this.setup.size, worker, command);
    this.unwoken.add(worker);
  }

  private receive(env: number, bytes: Uint8Array): void {
    const save = this.saves.take(env);
    if (!save) return; // of a worker that was replaced meanwhile
    this.histories[env]?.snapshot(bytes, save.at);
    save.resolve?.(bytes);
  }
}
