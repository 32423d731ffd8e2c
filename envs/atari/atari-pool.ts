import { availableParallelism } from 'node:os';
import { requireWhole } from '../ranges.ts';
import type { FinishedGame, RolloutEnvironment } from '../rollout-environment.ts';
import { environmentSeed } from '../seeds.ts';
import { UserError } from '../user-error.ts';
import { type Game, resolveGame } from './games.ts';
import { atariOptions, type AtariOptions, observationBytes, observationShape } from './options.ts';
import { poolLimits, type WorkerPoolLimits } from './pool-limits.ts';
import { poolMemory } from './pool-memory.ts';
import { recipe } from './recipe.ts';
import { packPool, unpackPool } from './saved-pool.ts';
import { sharedAle } from './shared-ale.ts';
import { gameFactWords, groupOf, type PoolSize } from './shared-memory.ts';
import { WorkerPool } from './worker-pool.ts';
import type { EnvironmentSetup, PoolSetup } from './worker-protocol.ts';

/** `snapshotEvery` is 0 where it is left out: a trainer goes on from its checkpoint and restarts nothing. */
export interface AtariPoolOptions extends Partial<AtariOptions>, Partial<WorkerPoolLimits> {
  /** Any usual name. */
  game: string;
  /** Environments, 1..1024. */
  envs: number;
  /** Threads, 1..256, never more than environments; default: as many as cores. */
  workers?: number;
  /** 1 (default), or 2 where one half steps while the other is in the network: see RolloutEnvironment. */
  groups?: number;
  /** T: agent steps per rollout, 1..65,536. */
  rolloutSteps: number;
  /** Seed of the run; each environment gets its own from it. The number of workers and groups changes nothing. */
  seed: number;
}

/** Its options beside those of the recipe. */
const ownNames: readonly Exclude<keyof AtariPoolOptions, keyof AtariOptions>[] = [
  'game',
  'envs',
  'workers',
  'groups',
  'rolloutSteps',
  'seed',
  'snapshotEvery',
  'stepLimit',
  'startLimit',
];

const savedKind = 'AtariPool';

/** What a pool saves beside its environments. */
interface PoolState {
  /** Games that nobody took yet, each with the steps since `reset` after which it ended. */
  readonly finished: { step: number; game: FinishedGame }[];
}

/**
 * Atari games in worker threads, each with emulators of its own, that write frames, rewards and ends straight into the
 * rows of one SharedArrayBuffer. The same seed and actions give the same games for any number of workers and groups.
 */
export class AtariPool implements RolloutEnvironment {
  readonly count: number;
  readonly groups: number;
  readonly rolloutSteps: number;
  readonly actions: number;
  readonly actionMeanings: readonly string[];
  readonly observationShape: readonly number[];
  readonly observationType = 'uint8';
  readonly recipe: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly game: Game;
  readonly workers: number;

  private readonly pool: WorkerPool;
  private readonly size: PoolSize;
  private readonly environments: readonly EnvironmentSetup[];
  /** Per group: the step under way, -1 for a reset. */
  private readonly underWay: (number | undefined)[];
  /** Per group: the row of its newest observations. */
  private readonly rowOf: number[];
  /** Per group: steps since `reset`. */
  private readonly stepsDone: number[];
  private finished: PoolState['finished'] = [];

  /**
   * Starts the workers and loads the game in each.
   * `entry` is the script that a worker thread runs; tests put one there that breaks.
   * @throws UserError for an unknown game, an option out of range, or what keeps a worker from starting
   */
  static async create(options: AtariPoolOptions, entry?: URL): Promise<AtariPool> {
    const atari = atariOptions(options, 'AtariPool', ownNames);
    const game = resolveGame(options.game);
    requireWhole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER);
    const limits = poolLimits(options, 0);
    const size = poolSize(options, observationBytes(atari));
    const environments = Array.from({ length: size.count }, (_, env) => ({
      game,
      options: atari,
      seed: environmentSeed(options.seed, env),
    }));
    const module = await sharedAle();
    const roms = { [game.rom]: await module.rom(game.rom) };
    const what = `frames of ${size.count} envs over ${size.rows - 1} steps`;
    const memory = poolMemory(size, what, 'take fewer envs or a shorter rollout');
    const setup: PoolSetup = { size, memory, ale: module.share(), autoreset: 'sameStep', environments, roms };
    const mend = 'go on from the last checkpoint';
    const workers = await WorkerPool.start(setup, { ...limits, entry, mend });
    return new AtariPool(setup, workers, game, atari, module.version);
  }

  private constructor(
    { size, environments }: PoolSetup,
    pool: WorkerPool,
    game: Game,
    options: AtariOptions,
    ale: string,
  ) {
    const { actionMeanings } = pool;
    this.size = size;
    this.count = size.count;
    this.groups = size.groups;
    this.rolloutSteps = size.cells;
    this.workers = size.workers;
    this.game = game;
    this.actions = actionMeanings.length;
    this.actionMeanings = actionMeanings;
    this.observationShape = observationShape(options);
    this.recipe = recipe(options, ale);
    this.versions = { ale };
    this.pool = pool;
    this.environments = environments;
    this.underWay = Array.from({ length: size.groups }, () => undefined);
    this.rowOf = Array.from({ length: size.groups }, () => 0);
    this.stepsDone = Array.from({ length: size.groups }, () => 0);
  }

  /** This array and the next four: see RolloutEnvironment; empty once the pool is closed. */
  get observations(): Uint8Array {
    return this.pool.shared.observations;
  }

  get rewards(): Float32Array {
    return this.pool.shared.rewards;
  }

  get terminated(): Uint8Array {
    return this.pool.shared.terminated;
  }

  get truncated(): Uint8Array {
    return this.pool.shared.truncated;
  }

  get finalObservations(): Uint8Array {
    return this.pool.shared.finalObservations;
  }

  async reset(): Promise<void> {
    const groups = Array.from({ length: this.groups }, (_, group) => group);
    for (const group of groups) this.begin(group, -1, (env) => this.pool.reset(env, 0, this.environments[env]?.seed));
    for (const group of groups) await this.wait(group);
    this.stepsDone.fill(0);
    this.finished = [];
  }

  send(group: number, t: number, actions: Int32Array): void {
    if (t < 0 || t >= this.rolloutSteps) throw new RangeError(`step ${t} is not one of 0 to ${this.rolloutSteps - 1}`);
    const { from, to } = this.rows(group);
    for (let env = from; env < to; env++) {
      const action = actions[env] ?? -1;
      if (action < 0 || action >= this.actions) {
        throw new RangeError(`action ${action} of environment ${env} is not one of 0 to ${this.actions - 1}`);
      }
    }
    this.begin(group, t, (env) => this.pool.step(env, t, actions[env] ?? 0));
  }

  async wait(group: number): Promise<void> {
    const t = this.underWay[group];
    if (t === undefined) throw new RangeError(`group ${group} has no step under way`);
    await this.pool.done(group, this.count / this.groups);
    this.pool.takeDone(group);
    this.underWay[group] = undefined;
    this.rowOf[group] = t + 1;
    if (t >= 0) this.collectEnded(group, t);
  }

  rollover(): void {
    const stack = this.finalObservations.length / this.count;
    const rows = this.rolloutSteps + 1;
    for (let env = 0; env < this.count; env++) {
      const first = env * rows * stack;
      const last = first + this.rolloutSteps * stack;
      this.observations.copyWithin(first, last, last + stack);
    }
    this.rowOf.fill(0);
  }

  takeEpisodes(): FinishedGame[] {
    const taken = this.finished.sort((a, b) => a.step - b.step || a.game.env - b.game.env);
    this.finished = [];
    return taken.map(({ game }) => game);
  }

  async save(): Promise<Uint8Array> {
    this.requireRest('save');
    const states = await this.pool.save((env) => this.rowOf[groupOf(env, this.size)] ?? 0);
    return packPool<PoolState>(savedKind, this.environments, this.pool.shared.seeds, states, {
      finished: this.finished,
    });
  }

  async restore(saved: Uint8Array): Promise<void> {
    this.requireRest('restore');
    const { seeds, states, poolState } = unpackPool<PoolState>(savedKind, saved, this.environments);
    await this.pool.restore(states, seeds);
    this.rowOf.fill(0);
    this.stepsDone.fill(0);
    this.finished = poolState.finished;
  }

  /**
   * After a worker failed: puts a new one in its place that comes to where the old one was, exactly, so that the same
   * `wait` may be called again. Rejects where it fails again, or where `snapshotEvery` is left at 0.
   */
  async restart(): Promise<void> {
    await this.pool.restart();
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private begin(group: number, t: number, submit: (env: number) => void): void {
    const { from, to } = this.rows(group);
    if (this.underWay[group] !== undefined) {
      throw new Error(`group ${group} (environments ${from} to ${to - 1}) is still under way`);
    }
    for (let env = from; env < to; env++) submit(env);
    this.underWay[group] = t;
    this.pool.wake();
  }

  private requireRest(what: string): void {
    const busy = this.underWay.findIndex((t) => t !== undefined);
    if (busy >= 0) throw new Error(`group ${busy} is still under way; wait for it before ${what}()`);
  }

  private collectEnded(group: number, t: number): void {
    const { ended, scores, gameFacts, seeds } = this.pool.shared;
    const step = this.stepsDone[group] ?? 0;
    this.stepsDone[group] = step + 1;
    const { from, to } = this.rows(group);
    for (let env = from; env < to; env++) {
      if (ended[env] !== 1) continue;
      const at = env * gameFactWords;
      const [steps = 0, frames = 0, livesLost = 0, truncated = 0] = gameFacts.subarray(at, at + gameFactWords);
      const seed = seeds[env] ?? 0;
      const score = scores[env] ?? 0;
      const game = { env, seed, score, steps, frames, livesLost, truncated: truncated === 1, endStep: t };
      this.finished.push({ step, game });
    }
  }

  /** The environments of a group: `from`, up to but without `to`. */
  private rows(group: number): { from: number; to: number } {
    if (!(group in this.underWay)) throw new RangeError(`group ${group} is not one of 0 to ${this.groups - 1}`);
    return { from: (group * this.count) / this.groups, to: ((group + 1) * this.count) / this.groups };
  }
}

/** @throws UserError for a number out of range */
function poolSize({ envs, groups = 1, rolloutSteps, ...given }: AtariPoolOptions, observationBytes: number): PoolSize {
  const workers = given.workers ?? availableParallelism();
  requireWhole('envs', envs, 1, 1024);
  requireWhole('workers', workers, 1, 256);
  requireWhole('groups', groups, 1, 2);
  requireWhole('rolloutSteps', rolloutSteps, 1, 65_536);
  if (envs % groups !== 0)
    throw new UserError(`envs ${envs} cannot be divided into ${groups} groups; take an even number`);
  return {
    count: envs,
    workers: Math.min(workers, envs),
    groups,
    rows: rolloutSteps + 1,
    cells: rolloutSteps,
    observationBytes,
  };
}
