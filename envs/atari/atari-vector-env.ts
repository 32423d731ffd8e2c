import {
  AlreadyPendingCallError,
  type AutoresetMode,
  batchSpace,
  Box,
  ClosedEnvironmentError,
  Discrete,
  type EnvSpec,
  type MultiDiscrete,
  type VectorEnv,
  type VectorEnvMetadata,
  type VectorResetOptions,
} from 'gym-js';
import { UserError } from '../user-error.ts';
import { poolLimits } from './pool-limits.ts';
import { packPool, unpackPool } from './saved-pool.ts';
import { type AtariVectorOptions, seedsFor, type VectorSetup, vectorSetup } from './vector-options.ts';
import { type AtariVectorReset, type AtariVectorStep, VectorResults } from './vector-results.ts';
import { VectorTurns } from './vector-turns.ts';
import { WorkerPool } from './worker-pool.ts';
import type { EnvironmentSetup } from './worker-protocol.ts';

interface AtariVectorResetOptions extends VectorResetOptions {
  /** The environments to reset, in place of `options.resetMask`. */
  envIds?: ArrayLike<number>;
}

/** What a vector saves beside its environments. */
interface VectorState {
  readonly autoresetMode: string;
  readonly begun: boolean;
  /** Environments whose results nobody has received, in order, and those that wait for an action. */
  readonly ready: readonly number[];
  readonly idle: readonly number[];
}

const savedKind = 'AtariVectorEnv';

/**
 * Atari games in worker threads as a gym-js vector environment, after ale-py's AtariVectorEnv: `reset` and `step` all
 * of them, or `send` actions and `recv` the first `batchSize` that are ready. Observations are (environments, height,
 * width, stackNum * channels) bytes, the newest frame last, in arrays that are the caller's to keep. `infos` have
 * `lives`, `frameNumber`, `episodeFrameNumber` and the unclipped `score` of the game so far. One call at a time is
 * under way, but that `send` may come during `recv`; another rejects with AlreadyPendingCallError.
 */
export class AtariVectorEnv implements VectorEnv<Uint8Array, number, Uint8Array, Int32Array> {
  readonly numEnvs: number;
  readonly batchSize: number;
  readonly metadata: VectorEnvMetadata;
  spec: EnvSpec | undefined;
  readonly singleObservationSpace: Box<'uint8'>;
  readonly singleActionSpace: Discrete;
  readonly observationSpace: Box<'uint8'>;
  readonly actionSpace: MultiDiscrete;
  /** One name per action. */
  readonly actionMeanings: readonly string[];

  private readonly environments: readonly EnvironmentSetup[];
  private readonly autoreset: AutoresetMode;
  private readonly pool: WorkerPool;
  private readonly results: VectorResults;
  private readonly turns: VectorTurns;
  /** 0..numEnvs-1 */
  private readonly all: readonly number[];
  /** Environments of the last result, in its order. */
  private received: readonly number[] = [];
  private begun = false;
  /** The call that is under way. */
  private pending: string | undefined;
  private closed = false;

  /**
   * Starts the workers and loads the games.
   * `entry` is the script that a worker thread runs; tests put one there that breaks.
   * @throws UserError for an unknown game, an option out of range, or environments that do not fit together
   */
  static async create(options: AtariVectorOptions, entry?: URL): Promise<AtariVectorEnv> {
    const limits = poolLimits(options, 1000);
    const setup = await vectorSetup(options);
    const mend = limits.snapshotEvery > 0 ? 'restart() brings it back' : 'open them anew';
    return new AtariVectorEnv(setup, await WorkerPool.start(setup, { ...limits, entry, mend }));
  }

  private constructor(setup: VectorSetup, pool: WorkerPool) {
    const { size, environments, autoreset, batchSize } = setup;
    this.environments = environments;
    this.autoreset = autoreset;
    this.pool = pool;
    this.numEnvs = size.count;
    this.batchSize = batchSize;
    this.metadata = { autoresetMode: autoreset, renderModes: [] };
    this.actionMeanings = pool.actionMeanings;
    this.singleObservationSpace = new Box({ low: 0, high: 255, shape: [...setup.observationShape], dtype: 'uint8' });
    this.singleActionSpace = new Discrete(pool.actionMeanings.length);
    this.observationSpace = batchSpace(this.singleObservationSpace, batchSize);
    this.actionSpace = batchSpace(this.singleActionSpace, batchSize);
    this.results = new VectorResults(pool.shared, size, autoreset);
    this.turns = new VectorTurns(size.count);
    this.all = Array.from({ length: size.count }, (_, env) => env);
  }

  /**
   * Begins new games everywhere, what was under way is left behind; or where `options.resetMask` is set, or in
   * `envIds`. An environment whose learning episode a lost life has ended goes on with the same game, unless it gets a
   * seed.
   * Resolves as `recv` does; with a mask, where a result is of all environments, the others' results are repeated.
   */
  async reset(options: AtariVectorResetOptions = {}): Promise<AtariVectorReset> {
    return this.exclusive('reset', async () => {
      await this.beginReset(options);
      const { observations, infos, envIds } = await this.receive();
      return { observations, infos, envIds };
    });
  }

  /** The same without waiting for it: `recv` gives its results, among those of steps. */
  async asyncReset(options: AtariVectorResetOptions = {}): Promise<void> {
    return this.exclusive('asyncReset', () => this.beginReset(options));
  }

  /** `send`, then `recv`. */
  async step(actions: ArrayLike<number>, envIds?: ArrayLike<number>): Promise<AtariVectorStep> {
    return this.exclusive('step', async () => {
      this.beginStep(actions, envIds);
      return this.receive();
    });
  }

  /**
   * Begins a step of the environments `envIds` (default: all where a result is of all, else those of the last result,
   * in its order) with an action index each. Throws where an environment is not waiting for an action, or an action is
   * out of range; none is begun then.
   */
  send(actions: ArrayLike<number>, envIds?: ArrayLike<number>): void {
    if (this.pending !== 'recv') this.requireNoCall('send');
    this.beginStep(actions, envIds);
  }

  /**
   * The next `batchSize` results, each worker's in the order in which they were finished; where batchSize is numEnvs,
   * of all environments that are under way, in their own order. Rejects with a UserError that names environment and
   * seed where a worker fails; `restart`, then `recv` goes on.
   */
  async recv(): Promise<AtariVectorStep> {
    return this.exclusive('recv', () => this.receive());
  }

  /** All that decides how the environments go on, as bytes. Waits for what is under way; `recv` gives it later. */
  async save(): Promise<Uint8Array> {
    return this.exclusive('save', async () => {
      await this.settle();
      const { environments, autoreset, pool, results, turns, begun } = this;
      const idle = begun ? turns.idle() : [];
      const state: VectorState = { autoresetMode: autoreset, begun, ready: turns.unreceived(), idle };
      const states = await pool.save((env) => results.rowOf(env));
      return packPool(savedKind, environments, pool.shared.seeds, states, state);
    });
  }

  /**
   * Goes on, exactly, from what `save` of a vector of the same games, options and autoreset mode returned, whatever its
   * number of workers and batch size. Resolves with the last results of the environments that wait for an action.
   * Rejects with a UserError for bytes that are damaged, foreign or of other options; nothing changes then.
   */
  async restore(saved: Uint8Array): Promise<AtariVectorStep> {
    return this.exclusive('restore', async () => {
      const { environments, autoreset, pool, results, turns } = this;
      const { seeds, states, poolState } = unpackPool<VectorState>(savedKind, saved, environments);
      if (poolState.autoresetMode !== autoreset) {
        throw new UserError(
          `saved with autoresetMode ${poolState.autoresetMode}, this one has ${autoreset}; open the same`,
        );
      }
      await this.settle();
      await pool.restore(states, seeds);
      results.restored();
      turns.setReady(poolState.ready);
      this.begun = poolState.begun;
      this.received = poolState.idle;
      return results.batch(this.received);
    });
  }

  /**
   * After a worker failed: puts a new one in its place that comes to where the old one was, exactly, from its last
   * snapshot; then `recv` again. Rejects where it fails again.
   */
  async restart(): Promise<void> {
    return this.exclusive('restart', () => this.pool.restart());
  }

  /** Ends every thread, resolves when they are gone, and lets go of the memory. May be called twice. */
  async close(): Promise<void> {
    this.closed = true;
    await this.pool.close();
  }

  private async beginReset({ seed, options, envIds }: AtariVectorResetOptions): Promise<void> {
    const subset = this.subset(options?.resetMask, envIds);
    const seeds = seed === undefined ? [] : seedsFor(seed, this.numEnvs);
    const chosen = new Set(subset ?? this.all);
    if (subset === undefined || (envIds === undefined && this.batchSize === this.numEnvs)) {
      await this.settle();
      this.turns.setReady(this.all.filter((env) => !chosen.has(env)));
    } else {
      this.turns.requireIdle(subset);
    }
    for (const env of chosen) {
      this.pool.reset(env, this.results.nextRow(env), seeds[env]);
      this.turns.begin(env);
    }
    this.begun = true;
    this.pool.wake();
  }

  private beginStep(actions: ArrayLike<number>, envIds?: ArrayLike<number>): void {
    const { batchSize, numEnvs, all, received, turns, results, pool } = this;
    if (!this.begun) throw new Error('no game has begun; call reset() before send()');
    const envs = envIds ? Array.from(envIds) : batchSize === numEnvs ? all : received;
    if (actions.length !== envs.length) {
      throw new RangeError(`${actions.length} actions for ${envs.length} environments; give one for each`);
    }
    turns.requireIdle(envs);
    for (const [i, env] of envs.entries()) {
      if (this.autoreset === 'disabled' && results.hasEnded(env)) {
        throw new Error(`the episode of environment ${env} is over; reset it with options.resetMask or envIds first`);
      }
      if (!this.singleActionSpace.contains(actions[i])) {
        const last = this.actionMeanings.length - 1;
        throw new RangeError(`action ${actions[i]} of environment ${env} is not one of 0 to ${last}`);
      }
    }
    for (const [i, env] of envs.entries()) {
      pool.step(env, results.rowOf(env), actions[i] ?? 0);
      turns.begin(env);
    }
    pool.wake();
  }

  private async receive(): Promise<AtariVectorStep> {
    const { batchSize, numEnvs, turns } = this;
    const { coming } = turns;
    const count = batchSize === numEnvs ? Math.max(1, coming) : batchSize;
    if (coming < count) {
      throw new Error(`${coming} environments are under way, a result is of ${count}; send() actions first`);
    }
    while (turns.missing(count) > 0) await this.finish(turns.missing(count));
    const envs = turns.take(count);
    this.received = batchSize === numEnvs ? envs.sort((a, b) => a - b) : envs;
    return this.results.batch(this.received);
  }

  /** Waits until nothing is under way. */
  private async settle(): Promise<void> {
    while (this.turns.running > 0) await this.finish(this.turns.running);
  }

  private async finish(count: number): Promise<void> {
    await this.pool.done(0, count);
    for (const env of this.pool.takeDone(0)) {
      this.results.stepped(env);
      this.turns.finish(env);
    }
  }

  /** The environments that a reset is of; undefined for all. */
  private subset(
    mask: ArrayLike<number | boolean> | undefined,
    envIds: ArrayLike<number> | undefined,
  ): readonly number[] | undefined {
    if (mask === undefined && envIds === undefined) return undefined;
    if (mask !== undefined && envIds !== undefined) throw new RangeError('both resetMask and envIds; give one of them');
    if (mask !== undefined && mask.length !== this.numEnvs) {
      throw new RangeError(`resetMask has ${mask.length} elements; give one for each of ${this.numEnvs} environments`);
    }
    if (!this.begun) throw new Error('no game has begun; the first reset() is of all environments');
    return envIds ? Array.from(envIds) : this.all.filter((env) => mask?.[env]);
  }

  private async exclusive<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    this.requireNoCall(name);
    this.pending = name;
    try {
      return await work();
    } finally {
      this.pending = undefined;
    }
  }

  private requireNoCall(name: string): void {
    if (this.closed) throw new ClosedEnvironmentError('the environments are closed');
    if (this.pending === undefined) return;
    throw new AlreadyPendingCallError(`${name}() while ${this.pending}() is under way; await it first`);
  }
}
