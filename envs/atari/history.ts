import { resetMark } from './pool-environment.ts';
import type { Beginning } from './worker-protocol.ts';

/**
 * How an environment came to where it is: the seed or the last snapshot, and what was played since. Enough to bring it
 * back, exactly, in another thread.
 */
export class History {
  private from: number | Uint8Array;
  /** Actions since, `resetMark` for a reset. */
  private played: number[] = [];
  /** Steps and resets before `played`. */
  private before = 0;

  constructor(from: number | Uint8Array) {
    this.from = from;
  }

  /** Steps and resets so far: what a snapshot taken now is taken at. */
  get at(): number {
    return this.before + this.played.length;
  }

  /** Steps and resets that would have to be played again. */
  get length(): number {
    return this.played.length;
  }

  step(action: number): void {
    this.played.push(action);
  }

  reset(): void {
    this.played.push(resetMark);
  }

  /** A new game from a seed: nothing before counts. */
  restart(seed: number): void {
    this.before += this.played.length;
    this.from = seed;
    this.played = [resetMark];
  }

  /** A snapshot that was taken `at` has come; one asked for before a restart is of no use. */
  snapshot(bytes: Uint8Array, at: number): void {
    if (at <= this.before) return; // at `before` itself nothing was played since what it begins with
    this.from = bytes;
    this.played.splice(0, at - this.before);
    this.before = at;
  }

  /** Where another thread begins; `undone` where the last step or reset is to be done by command again. */
  beginning(env: number, undone: boolean): Beginning {
    return { env, from: this.from, played: undone ? this.played.slice(0, -1) : [...this.played] };
  }
}
