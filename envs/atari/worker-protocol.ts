import type { SharedAle } from 'ale-wasm';
import type { AutoresetMode } from 'gym-js';
import type { Game } from './games.ts';
import type { AtariOptions } from './options.ts';
import type { PoolSize } from './shared-memory.ts';

/** One environment of a pool: what is played, how, and from which seed. */
export interface EnvironmentSetup {
  readonly game: Game;
  readonly options: AtariOptions;
  readonly seed: number;
}

/** What is the same for all workers of a pool, and for all that replace them. */
export interface PoolSetup {
  readonly size: PoolSize;
  readonly memory: SharedArrayBuffer;
  readonly ale: SharedAle;
  readonly autoreset: AutoresetMode;
  readonly environments: readonly EnvironmentSetup[];
  /** Cartridges by the game's ROM name. */
  readonly roms: Readonly<Record<string, Uint8Array>>;
}

/** Where an environment begins: at a seed or a saved state, then what was played since, `resetMark` for a reset. */
export interface Beginning {
  readonly env: number;
  readonly from: number | Uint8Array;
  readonly played: readonly number[];
}

/** What a worker starts with. */
export interface WorkerData extends PoolSetup {
  /** 0..size.workers-1 */
  readonly worker: number;
  /** Of its own environments. */
  readonly beginnings: readonly Beginning[];
  /** Commands of its queue that were done or taken back before it started. */
  readonly taken: number;
}

/** What a worker says: once that it can begin, what it was told to save, or why it cannot go on. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly actionMeanings: readonly string[] }
  | { readonly kind: 'saved'; readonly env: number; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string };
