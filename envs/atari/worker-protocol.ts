import type { SharedAle } from 'ale-wasm';
import type { Game } from './games.ts';
import type { AtariOptions } from './options.ts';
import type { RolloutSize } from './shared-rollout.ts';

/** What a worker is born with. */
export interface WorkerData {
  /** 0..size.workers-1 */
  readonly worker: number;
  readonly size: RolloutSize;
  readonly memory: SharedArrayBuffer;
  readonly ale: SharedAle;
  readonly game: Game;
  /** The game's cartridge. */
  readonly rom: Uint8Array;
  readonly options: AtariOptions;
  /** Seed of every environment of the pool. */
  readonly seeds: readonly number[];
}

/** What a worker says: once that it can begin, or why it cannot go on. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly actionMeanings: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** The worker that plays an environment: in turn, so that every group is spread over all of them. */
export function workerOf(env: number, { workers }: RolloutSize): number {
  return env % workers;
}

/** The group of an environment: groups are blocks of rows. */
export function groupOf(env: number, { count, groups }: RolloutSize): number {
  return Math.floor((env * groups) / count);
}
