import { requireWhole } from '../ranges.ts';
import { UserError } from '../user-error.ts';
import { type Command, commands, commandsDone, postCommand, ringAll, wakeWorker } from './handshake.ts';
import { History } from './history.ts';
import { Ledger } from './ledger.ts';
import { type SharedMemory, sharedMemory, wordStride, workerOf } from './shared-memory.ts';
import type { PoolSetup, WorkerData } from './worker-protocol.ts';
import { WorkerThreads } from './worker-threads.ts';

export interface WorkerPoolLimits {
  /** Agent steps of an environment from one snapshot to the next, 1..1,000,000: what `restart` has to play again. */
  readonly snapshotEvery: number;
  /** Seconds in which a worker makes a step, 0.1..86,400 (and starts, five times as many); else it is hanging. */
  readonly stepLimit: number;
}

/** The limits with defaults (1,000 steps, 60 s) for those left out. @throws UserError for one out of range */
export function poolLimits({ snapshotEvery = 1000, stepLimit = 60 }: Partial<WorkerPoolLimits>): WorkerPoolLimits {
  requireWhole('snapshotEvery', snapshotEvery, 1, 1_000_000);
  if (!(stepLimit >= 0.1 && stepLimit <= 86_400)) {
    throw new UserError(`stepLimit ${stepLimit} is out of range; give seconds, 0.1 to 86400`);
  }
  return { snapshotEvery, stepLimit };
}

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
  readonly shared: SharedMemory;
  /** One name per action. */
  actionMeanings: readonly string[] = [];

  private readonly setup: PoolSetup;
  private readonly options: WorkerPoolOptions;
  private readonly histories: History[];
  private readonly ledger: Ledger;
  /** Per environment: the saves that a worker was told of and has not sent yet, by when they are taken. */
  private readonly saving: { at: number; resolve?: (bytes: Uint8Array) => void }[][];
  private readonly stopListeners = new Set<(reason: Error) => void>();
  private readonly unwoken = new Set<number>();
  private threads: WorkerThreads;
  private restarting = false;
  /** Workers whose queue was lost with the thread. */
  private readonly bereft = new Set<number>();

  /**
   * Starts the workers. Rejects with a UserError that names the environment which keeps one from beginning.
   */
  static async start(setup: PoolSetup, options: WorkerPoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(setup, options);
    try {
      pool.actionMeanings = await pool.threads.start(setup.size.workers);
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  private constructor(setup: PoolSetup, options: WorkerPoolOptions) {
    const { environments, memory, size } = setup;
    this.setup = setup;
    this.options = options;
    this.shared = sharedMemory(memory, size);
    this.shared.seeds.set(environments.map(({ seed }) => seed));
    this.histories = environments.map(({ seed }) => new History(seed));
    this.saving = environments.map(() => []);
    this.ledger = new Ledger(this.shared, size);
    this.threads = this.newThreads(this.histories);
  }

  /** Why the pool cannot go on, if so. */
  get stopped(): Error | undefined {
    return this.threads.stopped;
  }

  /** A step of `env` with action `action` (an index), from observation row `row` to the next. Then call `wake`. */
  step(env: number, row: number, action: number): void {
    this.shared.actions[env] = action;
    const history = this.histories[env];
    history?.step(action);
    this.give({ env, kind: commands.step, row });
    if (history && history.length % this.options.snapshotEvery === 0) {
      this.giveSave(env, (row + 1) % this.setup.size.rows);
    }
  }

  /** The next episode of `env`, observed in `row`: from `seed`, or wherever its randomness is. Then call `wake`. */
  reset(env: number, row: number, seed?: number): void {
    if (seed === undefined) this.histories[env]?.reset();
    else {
      this.shared.seeds[env] = seed;
      this.histories[env]?.restart(seed);
    }
    this.give({ env, kind: seed === undefined ? commands.reset : commands.restart, row });
  }

  /** Wakes every worker that was given something since the last call. */
  wake(): void {
    for (const worker of this.unwoken) wakeWorker(this.shared, worker);
    this.unwoken.clear();
  }

  /**
   * Resolves once `count` commands of a group, beyond those that `takeDone` told of, are done.
   * Rejects with what stopped the pool: a UserError that names an environment and its seed, or that it is closed.
   */
  async done(group: number, count: number): Promise<void> {
    const wanted = (this.ledger.takenOf(group) + count) | 0;
    await commandsDone(this.shared, this.setup.size, group, wanted, () => this.stopped !== undefined);
    if (this.stopped) throw this.stopped;
  }

  /** The environments of a group whose commands were done since the last call, each worker's in its own order. */
  takeDone(group: number): number[] {
    return this.ledger.takeDone(group);
  }

  /** Every environment's state; `rowOf` says in which row its observation is. No command may be under way. */
  async save(rowOf: (env: number) => number): Promise<Uint8Array[]> {
    let giveUp: (reason: Error) => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => (giveUp = reject));
    this.stopListeners.add(giveUp);
    try {
      if (this.stopped) throw this.stopped;
      const saved = this.histories.map(
        (_, env) => new Promise<Uint8Array>((resolve) => this.giveSave(env, rowOf(env), resolve)),
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
  async restore(saved: readonly Uint8Array[], seeds: readonly number[]): Promise<void> {
    if (this.stopped) throw this.stopped;
    // New threads take the states over before the old ones go: a bad state leaves all as it was.
    const histories = saved.map((bytes) => new History(bytes));
    const next = this.newThreads(histories);
    try {
      await next.start(this.setup.size.workers);
    } catch (error) {
      await next.close();
      throw error;
    }
    const old = this.threads;
    this.threads = next;
    await old.close();
    this.shared.seeds.set(seeds);
    for (const [env, history] of histories.entries()) {
      this.histories[env] = history;
      this.saving[env] = [];
      this.give({ env, kind: commands.show, row: 0 });
    }
    this.wake();
    const { count, groups } = this.setup.size;
    for (let group = 0; group < groups; group++) {
      await this.done(group, count / groups);
      this.takeDone(group);
    }
  }

  /**
   * Replaces every worker that failed: its environments begin at their last snapshot, play again what was played since
   * and go on with what was under way, so that nobody can tell. Does nothing where none has failed. Rejects where a
   * worker fails again.
   */
  async restart(): Promise<void> {
    const { dead } = this.threads;
    if (dead.length === 0) return;
    for (const worker of dead) this.bereft.add(worker);
    this.restarting = true;
    try {
      await this.threads.replace();
    } finally {
      this.restarting = false;
    }
    for (const [env, saving] of this.saving.entries()) {
      if (this.bereft.has(workerOf(env, this.setup.size))) saving.length = 0; // whoever waited for them was told
    }
    for (const worker of this.bereft) {
      for (const command of this.ledger.undone(worker)) this.post(worker, command);
    }
    this.bereft.clear();
    this.wake();
  }

  /** Ends every thread and resolves when they are gone. May be called twice. */
  async close(): Promise<void> {
    await this.threads.close();
  }

  private newThreads(histories: readonly History[]): WorkerThreads {
    const { entry = workerEntry, stepLimit, mend } = this.options;
    const threads: WorkerThreads = new WorkerThreads({
      entry,
      environments: this.setup.environments,
      shared: this.shared,
      stepLimit,
      mend,
      birth: (worker) => this.birth(worker, histories),
      progress: (worker) => this.ledger.progress(worker),
      onSaved: (env, bytes) => this.threads === threads && this.receive(env, bytes),
      onStop: (reason) => {
        if (this.threads !== threads) return;
        ringAll(this.shared);
        for (const listener of this.stopListeners) listener(reason);
      },
    });
    return threads;
  }

  private birth(worker: number, histories: readonly History[]): WorkerData {
    const undone = new Set(
      this.ledger
        .undone(worker)
        .filter(({ kind }) => kind !== commands.show)
        .map(({ env }) => env),
    );
    const beginnings = histories.flatMap((history, env) =>
      workerOf(env, this.setup.size) === worker ? [history.beginning(env, undone.has(env))] : [],
    );
    const taken = Atomics.load(this.shared.posted, worker * wordStride);
    return { ...this.setup, worker, beginnings, taken };
  }

  private give(command: Command): void {
    if (this.restarting) throw new Error('the environments are being restarted; await restart() first');
    this.ledger.gave(command);
    this.post(workerOf(command.env, this.setup.size), command);
  }

  private giveSave(env: number, row: number, resolve?: (bytes: Uint8Array) => void): void {
    this.saving[env]?.push({ at: this.histories[env]?.at ?? 0, ...(resolve && { resolve }) });
    this.post(workerOf(env, this.setup.size), { env, kind: commands.save, row });
  }

  private post(worker: number, command: Command): void {
    postCommand(this.shared, this.setup.size, worker, command);
    this.unwoken.add(worker);
  }

  private receive(env: number, bytes: Uint8Array): void {
    const save = this.saving[env]?.shift();
    if (!save) return; // of a worker that was replaced meanwhile
    this.histories[env]?.snapshot(bytes, save.at);
    save.resolve?.(bytes);
  }
}
