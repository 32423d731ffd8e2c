import type { Info } from '../env.ts';
import type { MakeOptions } from '../registry/make.ts';
import type { WrapperSpec } from '../registry/wrapper-spec.ts';
import type { AutoresetMode } from '../vector-env.ts';
import type { EnvResult } from './env-group.ts';

/** How a worker makes one environment: an id that it can find by itself, or a spec as text. */
export interface WorkerEnv {
  id?: string;
  json?: string;
  options: MakeOptions;
  /** By name only: functions cannot be sent. */
  wrappers: readonly WrapperSpec[];
}

export interface WorkerData {
  envs: readonly WorkerEnv[];
  /** The number in the vector of the first of them. */
  first: number;
  mode: AutoresetMode;
  /** [0]: the number of the environment at work. In shared memory, so that it outlives the worker. */
  inHand: Int32Array;
  /** Its environments' observations in shared memory; undefined where these have parts that are not numbers. */
  observations: unknown;
}

export type WorkerRequest =
  | { kind: 'reset'; seeds: readonly (number | undefined)[]; options: Info | undefined; mask: boolean[] | undefined }
  | { kind: 'step'; actions: readonly unknown[] }
  | { kind: 'render' }
  | { kind: 'call'; name: string; args: readonly unknown[] }
  | { kind: 'close' };

/** A result whose observation may lie in shared memory. */
export type SentResult = Omit<EnvResult, 'observation'> & { observation?: unknown };

/** Which environment failed, and what it threw, with its stack and cause. */
export interface SentFailure {
  env: number;
  error: unknown;
}

export type WorkerReply =
  | { kind: 'ready' }
  | { kind: 'results'; results: (SentResult | undefined)[]; failure: SentFailure | undefined }
  | { kind: 'values'; values: unknown[] }
  | { kind: 'closed' }
  | { kind: 'failed'; failure: SentFailure };
