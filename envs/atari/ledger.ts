import { type Command, completedBy } from './handshake.ts';
import { groupOf, type PoolSize, type SharedMemory, workerOf } from './shared-memory.ts';

/** Commands of one worker for one group: those given to it that are not known to be done, and how many were done. */
interface Account {
  readonly sent: Command[];
  /** A 32-bit count. */
  done: number;
}

/** The main thread's books: what each worker was told to do, and what of it is known to be done. */
export class Ledger {
  private readonly shared: SharedMemory;
  private readonly size: PoolSize;
  /** Per worker, per group. */
  private readonly accounts: readonly (readonly Account[])[];
  /** Per group, a 32-bit count. */
  private readonly taken: Int32Array;

  constructor(shared: SharedMemory, size: PoolSize) {
    this.shared = shared;
    this.size = size;
    this.taken = new Int32Array(size.groups);
    this.accounts = Array.from({ length: size.workers }, () =>
      Array.from({ length: size.groups }, () => ({ sent: [], done: 0 })),
    );
  }

  /** Its worker was given `command`. */
  gave(command: Command): void {
    this.accounts[workerOf(command.env, this.size)]?.[groupOf(command.env, this.size)]?.sent.push(command);
  }

  /** Commands of a group that `takeDone` told of so far, a 32-bit count. */
  takenOf(group: number): number {
    return this.taken[group] ?? 0;
  }

  /** The environments of a group whose commands were done since the last call, each worker's in its own order. */
  takeDone(group: number): number[] {
    const envs: number[] = [];
    for (const [worker, accounts] of this.accounts.entries()) {
      const account = accounts[group];
      if (!account) continue;
      const done = completedBy(this.shared, this.size, worker, group);
      for (const { env } of account.sent.splice(0, (done - account.done) | 0)) envs.push(env);
      account.done = done;
    }
    this.taken[group] = (this.takenOf(group) + envs.length) | 0;
    return envs;
  }

  /** Commands that a worker was given and has not done. */
  undone(worker: number): Command[] {
    const accounts = this.accounts[worker] ?? [];
    return accounts.flatMap(({ sent, done }, group) =>
      sent.slice((completedBy(this.shared, this.size, worker, group) - done) | 0),
    );
  }

  /** A number that changes whenever a worker gets something done; undefined while it has nothing to do. */
  progress(worker: number): number | undefined {
    if (this.undone(worker).length === 0) return undefined;
    let done = 0;
    for (let group = 0; group < this.size.groups; group++) {
      done = (done + completedBy(this.shared, this.size, worker, group)) | 0;
    }
    return done;
  }
}
