import {
  AlreadyPendingCallError,
  batchSpace,
  Box,
  ClosedEnvironmentError,
  Discrete,
  type EnvSpec,
  type MultiDiscrete,
  type VectorEnv,
  type VectorEnvMetadata,
  type VectorResetOptions,
  type VectorResetResult,
  type VectorStepResult,
} from 'gym-js';
import { UserError } from '../user-error.ts';
import { packPool, unpackPool } from './saved-pool.ts';
import { type AtariVectorOptions, seedsFor, type VectorSetup, vectorSetup } from './vector-options.ts';
import { VectorResults } from './vector-results.ts';
import { poolLimits, WorkerPool } from './worker-pool.ts';

/** What `recv` gives: arrays of `batchSize` instead of `numEnvs`, and whose they are. */
export interface AtariVectorStep extends VectorStepResult<Uint8Array> {
  /** (batchSize): the environments, by their numbers. */
  envIds: Int32Array;
}
export interface AtariVectorReset extends VectorResetResult<Uint8Array> {
  envIds: Int32Array;
}

/** What a vector saves beside its environments. */
interface Remembered {
  readonly autoresetMode: string;
  readonly begun: boolean;
  /** Environments whose results nobody has received, in order, and those that wait for an action. */
  readonly ready: readonly number[];
  readonly idle: readonly number[];
}

const savedKind = 'AtariVectorEnv';

/**
 * Atari games in worker threads as a gym-js vector environment, after ale-py's AtariVectorEnv: `reset` and `step` all
 * of them, or `send` actions and `recv` the first `batchSize` that are ready. Observations are (batchSize, height,
 * width, stackNum * channels) bytes, the newest frame last, in arrays that are the caller's to keep. `infos` have
 * `lives`, `frameNumber`, `episodeFrameNumber` and the unclipped `score` of the game so far.
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

  private readonly setup: VectorSetup;
  private readonly pool: WorkerPool;
  private readonly results: VectorResults;
  /** Environments under way, by when they were sent. */
  private readonly busy = new Set<number>();
  /** Environments whose results nobody has received yet, the first to finish first. */
  private ready: number[] = [];
  /** Environments of the last result, in its order. */
  private received: number[] = [];
  private begun = false;
  private receiving = false;
  private closed = false;

  /**
   * Starts the workers and loads the games.
   * `entry` is the script that a worker thread runs; tests put one there that breaks.
   * @throws UserError for an unknown game, an option out of range, or environments that do not fit together
   */
  static async create(options: AtariVectorOptions, entry?: URL): Promise<AtariVectorEnv> {
    const limits = poolLimits(options);
    const setup = await vectorSetup(options);
    const mend = 'restart() brings it back';
    return new AtariVectorEnv(setup, await WorkerPool.start(setup, { ...limits, entry, mend }));
  }

  private constructor(setup: VectorSetup, pool: WorkerPool) {
    this.setup = setup;
    this.pool = pool;
    this.numEnvs = setup.size.count;
    this.batchSize = setup.batchSize;
    this.metadata = { autoresetMode: setup.autoreset, renderModes: [] };
    this.actionMeanings = pool.actionMeanings;
    this.singleObservationSpace = new Box({ low: 0, high: 255, shape: [...setup.observationShape], dtype: 'uint8' });
    this.singleActionSpace = new Discrete(pool.actionMeanings.length);
    this.observationSpace = batchSpace(this.singleObservationSpace, this.batchSize);
    this.actionSpace = batchSpace(this.singleActionSpace, this.batchSize);
    this.results = new VectorResults(pool.shared, setup.size, setup.autoreset);
  }

  /**
   * Begins new games, everywhere or where `options.resetMask` is set; what was under way is left behind. An environment
   * whose learning episode a lost life has ended goes on with the same game, unless it gets a seed. Resolves with the
   * first `batchSize` that are ready; with a mask, which needs batchSize to be numEnvs, with all of them.
   */
  async reset(options: VectorResetOptions = {}): Promise<AtariVectorReset> {
    await this.asyncReset(options);
    const { observations, infos, envIds } = await this.recv();
    return { observations, infos, envIds };
  }

  /** The same without waiting for it: `recv` tells of it. */
  async asyncReset({ seed, options }: VectorResetOptions = {}): Promise<void> {
    const chosen = this.chosen(options?.resetMask);
    const seeds = seed === undefined ? [] : seedsFor(seed, this.numEnvs);
    await this.settle();
    this.ready = [];
    for (let env = 0; env < this.numEnvs; env++) {
      if (chosen(env)) {
        this.busy.add(env);
        this.pool.reset(env, this.results.nextRow(env), seeds[env]);
      } else {
        this.ready.push(env);
      }
    }
    this.begun = true;
    this.pool.wake();
  }

  /** `send` to the environments of the last result, then `recv`. */
  async step(actions: ArrayLike<number>): Promise<AtariVectorStep> {
    this.send(actions);
    return this.recv();
  }

  /**
   * Begins a step of the environments `envIds` (default: those of the last result, in its order) with an action index
   * each. Throws where an environment is not waiting for an action, or an action is out of range; none is begun then.
   */
  send(actions: ArrayLike<number>, envIds: ArrayLike<number> = this.received): void {
    this.requireOpen();
    if (!this.begun) throw new Error('no game has begun; call reset() before send()');
    if (actions.length !== envIds.length) {
      throw new RangeError(`${actions.length} actions for ${envIds.length} environments; give one for each`);
    }
    const envs = Array.from(envIds);
    const seen = new Set<number>();
    for (const [i, env] of envs.entries()) {
      this.requireIdle(env, seen);
      if (!this.singleActionSpace.contains(actions[i])) {
        const last = this.actionMeanings.length - 1;
        throw new RangeError(`action ${actions[i]} of environment ${env} is not one of 0 to ${last}`);
      }
      seen.add(env);
    }
    for (const [i, env] of envs.entries()) {
      this.busy.add(env);
      this.pool.step(env, this.results.rowOf(env), actions[i] ?? 0);
    }
    this.pool.wake();
  }

  /**
   * The next `batchSize` results: in the order in which they were finished, or of all environments in their own order.
   * Rejects with a UserError that names environment and seed where a worker fails; `restart`, then `recv` goes on.
   */
  async recv(): Promise<AtariVectorStep> {
    this.requireOpen();
    if (this.receiving) throw new AlreadyPendingCallError('another recv() is under way; await it first');
    const coming = this.busy.size + this.ready.length;
    if (coming < this.batchSize) {
      throw new Error(`${coming} environments are under way, a result is of ${this.batchSize}; send() actions first`);
    }
    this.receiving = true;
    try {
      while (this.ready.length < this.batchSize) await this.finish(this.batchSize - this.ready.length);
    } finally {
      this.receiving = false;
    }
    this.received = this.ready.splice(0, this.batchSize);
    if (this.batchSize === this.numEnvs) this.received.sort((a, b) => a - b);
    return this.results.batch(this.received);
  }

  /** All that decides how the environments go on, as bytes. Waits for what is under way; `recv` tells of it later. */
  async save(): Promise<Uint8Array> {
    await this.settle();
    const { setup, pool, results, ready, begun } = this;
    const states = await pool.save((env) => results.rowOf(env));
    const face: Remembered = { autoresetMode: setup.autoreset, begun, ready, idle: this.idle() };
    return packPool(savedKind, setup.environments, pool.shared.seeds, states, face);
  }

  /**
   * Goes on, exactly, from what `save` of a vector of the same games, options and autoreset mode returned, whatever its
   * number of workers and batch size. Resolves with the last results of the environments that wait for an action.
   * Rejects with a UserError for bytes that are damaged, foreign or of other options; nothing changes then.
   */
  async restore(saved: Uint8Array): Promise<AtariVectorStep> {
    const { setup, pool } = this;
    const { seeds, states, face } = unpackPool<Remembered>(savedKind, saved, setup.environments);
    if (face.autoresetMode !== setup.autoreset) {
      throw new UserError(
        `saved with autoresetMode ${face.autoresetMode}, this one has ${setup.autoreset}; open the same`,
      );
    }
    await this.settle();
    await pool.restore(states, seeds);
    this.results.restored();
    this.begun = face.begun;
    this.ready = [...face.ready];
    this.received = [...face.idle];
    return this.results.batch(this.received);
  }

  /**
   * After a worker failed: puts a new one in its place that comes to where the old one was, exactly, from its last
   * snapshot; then `recv` again. Rejects where it fails again.
   */
  async restart(): Promise<void> {
    this.requireOpen();
    await this.pool.restart();
  }

  /** Ends every thread and resolves when they are gone. May be called twice. */
  async close(): Promise<void> {
    this.closed = true;
    await this.pool.close();
  }

  /** Waits until nothing is under way. */
  private async settle(): Promise<void> {
    this.requireOpen();
    if (this.receiving) throw new AlreadyPendingCallError('a recv() is under way; await it first');
    while (this.busy.size > 0) await this.finish(this.busy.size);
  }

  private async finish(count: number): Promise<void> {
    await this.pool.done(0, count);
    for (const env of this.pool.takeDone(0)) {
      this.results.stepped(env);
      this.busy.delete(env);
      this.ready.push(env);
    }
  }

  private idle(): number[] {
    if (!this.begun) return [];
    return Array.from({ length: this.numEnvs }, (_, env) => env).filter(
      (env) => !this.busy.has(env) && !this.ready.includes(env),
    );
  }

  /** Which environments a reset is of. */
  private chosen(mask: ArrayLike<number | boolean> | undefined): (env: number) => boolean {
    if (mask === undefined) return () => true;
    if (mask.length !== this.numEnvs) {
      throw new RangeError(`resetMask has ${mask.length} elements; give one for each of ${this.numEnvs} environments`);
    }
    if (this.batchSize !== this.numEnvs) {
      throw new RangeError(`resetMask needs batchSize ${this.numEnvs}, all environments; it is ${this.batchSize}`);
    }
    if (!this.begun) throw new Error('no game has begun; the first reset() is of all environments');
    return (env) => Boolean(mask[env]);
  }

  private requireIdle(env: number, before: ReadonlySet<number>): void {
    if (!Number.isInteger(env) || env < 0 || env >= this.numEnvs) {
      throw new RangeError(`environment ${env} is not one of 0 to ${this.numEnvs - 1}`);
    }
    if (before.has(env)) throw new RangeError(`environment ${env} is given two actions; give one`);
    if (this.busy.has(env)) throw new Error(`environment ${env} is still under way; recv() it first`);
    if (this.ready.includes(env)) throw new Error(`the result of environment ${env} was not received; recv() it first`);
    if (this.setup.autoreset === 'disabled' && this.results.hasEnded(env)) {
      throw new Error(`the episode of environment ${env} is over; reset it with options.resetMask first`);
    }
  }

  private requireOpen(): void {
    if (this.closed) throw new ClosedEnvironmentError('the environments are closed');
  }
}
