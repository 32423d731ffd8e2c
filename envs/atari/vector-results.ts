import type { AutoresetMode, Info, VectorResetResult, VectorStepResult } from 'gym-js';
import { infoIndex, type InfoMoment, infoWords, type PoolSize, type SharedMemory } from './shared-memory.ts';

/** What `recv` gives: arrays of as many environments as its result is of, and whose they are. */
export interface AtariVectorStep extends VectorStepResult<Uint8Array> {
  /** The environments, by their numbers. */
  envIds: Int32Array;
}
export interface AtariVectorReset extends VectorResetResult<Uint8Array> {
  envIds: Int32Array;
}

/**
 * What the workers of a vector left in shared memory, and where: each environment writes its observations into two rows
 * by turns. Batches are copies, for the caller may keep them.
 */
export class VectorResults {
  private readonly shared: SharedMemory;
  private readonly size: PoolSize;
  private readonly autoreset: AutoresetMode;
  /** (count): the row of the newest observation. */
  private readonly rows: Uint8Array;

  constructor(shared: SharedMemory, size: PoolSize, autoreset: AutoresetMode) {
    this.shared = shared;
    this.size = size;
    this.autoreset = autoreset;
    this.rows = new Uint8Array(size.count);
  }

  /** The row of the newest observation of `env`. */
  rowOf(env: number): number {
    return this.rows[env] ?? 0;
  }

  /** The row that the step under way writes. */
  nextRow(env: number): number {
    return 1 - this.rowOf(env);
  }

  /** A step or reset of `env` is done. */
  stepped(env: number): void {
    this.rows[env] = this.nextRow(env);
  }

  /** All observations lie in row 0 now. */
  restored(): void {
    this.rows.fill(0);
  }

  /** Whether the last step of `env` ended its episode. */
  hasEnded(env: number): boolean {
    const { terminated, truncated } = this.shared;
    return terminated[env] === 1 || truncated[env] === 1;
  }

  /** The newest results of `envs`, in that order. */
  batch(envs: readonly number[]): AtariVectorStep {
    const { rewards, terminated, truncated } = this.shared;
    const count = envs.length;
    const ended = filled(new Uint8Array(count), envs, (env) => Number(this.hasEnded(env)));
    const infos = this.infos(envs, 'now', new Uint8Array(count).fill(1));
    if (this.autoreset === 'sameStep' && ended.includes(1)) {
      infos['finalObservation'] = envs.map((env, i) => (ended[i] === 1 ? this.finalObservation(env) : null));
      infos['_finalObservation'] = ended;
      infos['finalInfo'] = this.infos(envs, 'end', ended);
      infos['_finalInfo'] = ended.slice();
    }
    return {
      observations: this.observations(envs),
      rewards: filled(new Float64Array(count), envs, (env) => rewards[env] ?? 0),
      terminations: filled(new Uint8Array(count), envs, (env) => terminated[env] ?? 0),
      truncations: filled(new Uint8Array(count), envs, (env) => truncated[env] ?? 0),
      infos,
      envIds: Int32Array.from(envs),
    };
  }

  private observations(envs: readonly number[]): Uint8Array {
    const { observationBytes, rows } = this.size;
    const observations = new Uint8Array(envs.length * observationBytes);
    for (const [i, env] of envs.entries()) {
      const from = (env * rows + this.rowOf(env)) * observationBytes;
      observations.set(this.shared.observations.subarray(from, from + observationBytes), i * observationBytes);
    }
    return observations;
  }

  private finalObservation(env: number): Uint8Array {
    const { observationBytes } = this.size;
    return this.shared.finalObservations.slice(env * observationBytes, (env + 1) * observationBytes);
  }

  /** Of the environments as they are now, or at the end of the episode before; 0 where `mask` is. */
  private infos(envs: readonly number[], moment: InfoMoment, mask: Uint8Array): Info {
    const { infos, infoScores } = this.shared;
    const batched = (valueOf: (at: number) => number | undefined): Float64Array =>
      filled(new Float64Array(envs.length), envs, (env, i) =>
        mask[i] === 1 ? (valueOf(infoIndex(env, moment)) ?? 0) : 0,
      );
    return {
      lives: batched((at) => infos[at * infoWords]),
      _lives: mask.slice(),
      frameNumber: batched((at) => infos[at * infoWords + 1]),
      _frameNumber: mask.slice(),
      episodeFrameNumber: batched((at) => infos[at * infoWords + 2]),
      _episodeFrameNumber: mask.slice(),
      score: batched((at) => infoScores[at]),
      _score: mask.slice(),
    };
  }
}

/** `out`, element i of it what `valueOf` says of environment i. */
function filled<A extends Uint8Array | Float64Array>(
  out: A,
  envs: readonly number[],
  valueOf: (env: number, i: number) => number,
): A {
  for (let i = 0; i < envs.length; i++) out[i] = valueOf(envs[i] ?? 0, i);
  return out;
}
