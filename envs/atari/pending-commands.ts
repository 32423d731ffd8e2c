import { type Command, completedBy } from './handshake.ts';
import { groupOf, type PoolSize, type SharedMemory, workerOf } from './shared-memory.ts';

/** Of one worker and one group. */
interface Queue {
  /** Commands that were posted and are not known to be done, the oldest first. */
  readonly posted: Command[];
  /** How many are known to be done, a 32-bit count. */
  done: number;
}

/** The commands that workers were given, in the main thread's view: which are still to be done. */
export class PendingCommands {
  private readonly shared: SharedMemory;
  private readonly size: PoolSize;
  /** Per worker, per group. */
  private readonly queues: readonly (readonly Queue[])[];
  /** Per group, a 32-bit count. */
  private readonly taken: Int32Array;

  constructor(shared: SharedMemory, size: PoolSize) {
    this.shared = shared;
    this.size = size;
    this.taken = new Int32Array(size.groups);
    this.queues = Array.from({ length: size.workers }, () =>
      Array.from({ length: size.groups }, () => ({ posted: [], done: 0 })),
    );
  }

  /** `command` is posted to the worker of its environment. */
  add(command: Command): void {
    this.queues[workerOf(command.env, this.size)]?.[groupOf(command.env, this.size)]?.posted.push(command);
  }

  /** Commands of a group that `takeDone` returned so far, a 32-bit count. */
  takenOf(group: number): number {
    return this.taken[group] ?? 0;
  }

  /** The environments of a group whose commands were done since the last call, each worker's in its own order. */
  takeDone(group: number): number[] {
    const envs: number[] = [];
    for (const [worker, queues] of this.queues.entries()) {
      const queue = queues[group];
      if (!queue) continue;
      const done = completedBy(this.shared, this.size, worker, group);
      for (const { env } of queue.posted.splice(0, (done - queue.done) | 0)) envs.push(env);
      queue.done = done;
    }
    this.taken[group] = (this.takenOf(group) + envs.length) | 0;
    return envs;
  }

  /** Commands that a worker has not done. */
  of(worker: number): Command[] {
    const queues = this.queues[worker] ?? [];
    return queues.flatMap(({ posted, done }, group) =>
      posted.slice((completedBy(this.shared, this.size, worker, group) - done) | 0),
    );
  }

  /** Commands that a worker has done, a 32-bit count. */
  doneBy(worker: number): number {
    let done = 0;
    for (let group = 0; group < this.size.groups; group++) {
      done = (done + completedBy(this.shared, this.size, worker, group)) | 0;
    }
    return done;
  }
}
