import { type PoolSize, workerOf } from './shared-memory.ts';

interface PendingSave {
  /** Steps and resets of the environment before it. */
  readonly at: number;
  /** Called with the bytes. */
  readonly resolve?: ((bytes: Uint8Array) => void) | undefined;
}

/** The saves that workers were told of and have not sent yet: each environment's come in the order of the commands. */
export class PendingSaves {
  private readonly size: PoolSize;
  /** Per environment, the oldest first. */
  private readonly saves: readonly PendingSave[][];
  /** Per worker, how many have come. */
  private readonly received: number[];

  constructor(size: PoolSize) {
    this.size = size;
    this.saves = Array.from({ length: size.count }, () => []);
    this.received = Array.from({ length: size.workers }, () => 0);
  }

  add(env: number, save: PendingSave): void {
    this.saves[env]?.push(save);
  }

  has(env: number): boolean {
    return (this.saves[env]?.length ?? 0) > 0;
  }

  /** A save of `env` has come: the one it answers. */
  take(env: number): PendingSave | undefined {
    const worker = workerOf(env, this.size);
    this.received[worker] = this.receivedFrom(worker) + 1;
    return this.saves[env]?.shift();
  }

  /** Saves that came from a worker. */
  receivedFrom(worker: number): number {
    return this.received[worker] ?? 0;
  }

  /** Whether a worker has saves to send. */
  awaits(worker: number): boolean {
    return this.saves.some((saves, env) => saves.length > 0 && workerOf(env, this.size) === worker);
  }

  /** Those of a worker will not come any more. */
  drop(worker: number): void {
    for (const [env, saves] of this.saves.entries()) if (workerOf(env, this.size) === worker) saves.length = 0;
  }
}
