import type { AutoresetMode, Info, VectorInfo } from 'gym-js';
import { infoWords, type PoolSize, type SharedMemory } from './shared-memory.ts';

/** A batch of results, as a vector gives them. */
interface Batch {
  observations: Uint8Array;
  rewards: Float64Array;
  terminations: Uint8Array;
  truncations: Uint8Array;
  infos: VectorInfo;
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
  batch(envs: readonly number[]): Batch {
    const { shared, size } = this;
    const { observationBytes } = size;
    const observations = new Uint8Array(envs.length * observationBytes);
    for (const [i, env] of envs.entries()) {
      const from = (env * size.rows + this.rowOf(env)) * observationBytes;
      observations.set(shared.observations.subarray(from, from + observationBytes), i * observationBytes);
    }
    const infos = this.infos(envs, 0, () => true);
    const ended = envs.map((env) => this.hasEnded(env));
    if (this.autoreset === 'sameStep' && ended.includes(true)) {
      const mask = Uint8Array.from(ended, Number);
      infos['finalObservation'] = envs.map((env, i) => (ended[i] ? this.finalObservation(env) : null));
      infos['_finalObservation'] = mask;
      infos['finalInfo'] = this.infos(envs, 1, (env) => this.hasEnded(env));
      infos['_finalInfo'] = mask.slice();
    }
    return {
      observations,
      rewards: Float64Array.from(envs, (env) => shared.rewards[env] ?? 0),
      terminations: Uint8Array.from(envs, (env) => shared.terminated[env] ?? 0),
      truncations: Uint8Array.from(envs, (env) => shared.truncated[env] ?? 0),
      infos,
      envIds: Int32Array.from(envs),
    };
  }

  private finalObservation(env: number): Uint8Array {
    const { observationBytes } = this.size;
    return this.shared.finalObservations.slice(env * observationBytes, (env + 1) * observationBytes);
  }

  /** Of the environments as they are (0), or at the end of the episode before (1) where `told` says so. */
  private infos(envs: readonly number[], which: 0 | 1, told: (env: number) => boolean): Info {
    const { infos, infoScores } = this.shared;
    const column = (word: number): Float64Array =>
      Float64Array.from(envs, (env) => (told(env) ? (infos[(env * 2 + which) * infoWords + word] ?? 0) : 0));
    const mask = (): Uint8Array => Uint8Array.from(envs, (env) => Number(told(env)));
    return {
      lives: column(0),
      _lives: mask(),
      frameNumber: column(1),
      _frameNumber: mask(),
      episodeFrameNumber: column(2),
      _episodeFrameNumber: mask(),
      score: Float64Array.from(envs, (env) => (told(env) ? (infoScores[env * 2 + which] ?? 0) : 0)),
      _score: mask(),
    };
  }
}
