import { availableParallelism, totalmem } from 'node:os';
import { loadAle } from 'ale-wasm';
import { requireWhole } from '../ranges.ts';
import type { FinishedGame, RolloutEnvironment } from '../rollout-environment.ts';
import { environmentSeed } from '../seeds.ts';
import { UserError } from '../user-error.ts';
import { type Game, resolveGame } from './games.ts';
import { jobFinished, postJob, restartStep, wakeTrainer } from './handshake.ts';
import { atariOptions, type AtariOptions, observationBytes, observationShape } from './options.ts';
import { recipe } from './recipe.ts';
import { allocateRollout, type RolloutSize, type SharedRollout, sharedRollout } from './shared-rollout.ts';
import { type PoolData, WorkerThreads } from './worker-threads.ts';

export interface AtariPoolOptions extends Partial<AtariOptions> {
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

const workerEntry = new URL('./worker-entry.mjs', import.meta.url);

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
  readonly observations: Uint8Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly finalObservations: Uint8Array;
  readonly game: Game;
  readonly workers: number;

  private readonly shared: SharedRollout;
  private readonly threads: WorkerThreads;
  private readonly seeds: readonly number[];
  /** Per group, of the job under way: its step, and the count of finished jobs that will say that it is done. */
  private readonly underWay: ({ t: number; expected: number } | undefined)[];
  /** Per group: steps since `reset`. */
  private readonly stepsDone: number[];
  private finished: { step: number; game: FinishedGame }[] = [];

  /**
   * Starts the workers and loads the game in each.
   * `entry` is the script that a worker thread runs; tests put one there that breaks.
   * @throws UserError for an unknown game, an option out of range, or what keeps a worker from starting
   */
  static async create(options: AtariPoolOptions, entry = workerEntry): Promise<AtariPool> {
    const game = resolveGame(options.game);
    const atari = atariOptions(options);
    const size = poolSize(options, observationBytes(atari));
    const seeds = Array.from({ length: size.count }, (_, env) => environmentSeed(options.seed, env));
    const module = await loadAle();
    const rom = await module.rom(game.rom);
    const { memory, shared } = allocate(size);
    const data: PoolData = { size, memory, ale: module.share(), game, rom, options: atari, seeds };
    const threads = new WorkerThreads(entry, data, shared, () => wakeTrainer(shared));
    try {
      return new AtariPool(data, shared, threads, await threads.ready);
    } catch (error) {
      await threads.close();
      throw error;
    }
  }

  private constructor(
    { size, game, options, seeds }: PoolData,
    shared: SharedRollout,
    threads: WorkerThreads,
    actionMeanings: readonly string[],
  ) {
    this.count = size.count;
    this.groups = size.groups;
    this.rolloutSteps = size.rolloutSteps;
    this.workers = size.workers;
    this.game = game;
    this.actions = actionMeanings.length;
    this.actionMeanings = actionMeanings;
    this.observationShape = observationShape(options);
    this.recipe = recipe(options);
    this.observations = shared.observations;
    this.rewards = shared.rewards;
    this.terminated = shared.terminated;
    this.truncated = shared.truncated;
    this.finalObservations = shared.finalObservations;
    this.shared = shared;
    this.threads = threads;
    this.seeds = seeds;
    this.underWay = Array.from({ length: size.groups }, () => undefined);
    this.stepsDone = Array.from({ length: size.groups }, () => 0);
  }

  async reset(): Promise<void> {
    const groups = Array.from({ length: this.groups }, (_, group) => group);
    for (const group of groups) this.post(group, restartStep);
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
      this.shared.actions[env] = action;
    }
    this.post(group, t);
  }

  async wait(group: number): Promise<void> {
    const job = this.underWay[group];
    if (!job) throw new RangeError(`group ${group} has no step under way`);
    const { threads, shared } = this;
    await jobFinished(shared, group, job.expected, () => threads.stopped !== undefined);
    if (threads.stopped) {
      await threads.close();
      throw threads.stopped;
    }
    this.underWay[group] = undefined;
    if (job.t !== restartStep) this.collectEnded(group, job.t);
  }

  rollover(): void {
    const stack = this.shared.finalObservations.length / this.count;
    const rows = this.rolloutSteps + 1;
    for (let env = 0; env < this.count; env++) {
      const first = env * rows * stack;
      const last = first + this.rolloutSteps * stack;
      this.observations.copyWithin(first, last, last + stack);
    }
  }

  takeEpisodes(): FinishedGame[] {
    const taken = this.finished.sort((a, b) => a.step - b.step || a.game.env - b.game.env);
    this.finished = [];
    return taken.map(({ game }) => game);
  }

  async close(): Promise<void> {
    await this.threads.close();
  }

  private post(group: number, t: number): void {
    const { from, to } = this.rows(group);
    if (this.underWay[group]) throw new Error(`group ${group} (environments ${from} to ${to - 1}) is still under way`);
    this.underWay[group] = { t, expected: postJob(this.shared, { group, t }, this.workers) };
  }

  private collectEnded(group: number, t: number): void {
    const { ended, scores, gameFacts } = this.shared;
    const step = this.stepsDone[group] ?? 0;
    this.stepsDone[group] = step + 1;
    const { from, to } = this.rows(group);
    for (let env = from; env < to; env++) {
      if (ended[env] !== 1) continue;
      const [steps = 0, frames = 0, livesLost = 0, truncated = 0] = gameFacts.subarray(env * 4, env * 4 + 4);
      const seed = this.seeds[env] ?? 0;
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
function poolSize({ envs, groups = 1, rolloutSteps, ...given }: AtariPoolOptions, observationBytes: number): RolloutSize {
  const workers = given.workers ?? availableParallelism();
  requireWhole('envs', envs, 1, 1024);
  requireWhole('workers', workers, 1, 256);
  requireWhole('groups', groups, 1, 2);
  requireWhole('rolloutSteps', rolloutSteps, 1, 65_536);
  if (envs % groups !== 0)
    throw new UserError(`envs ${envs} cannot be divided into ${groups} groups; take an even number`);
  return { count: envs, groups, rolloutSteps, observationBytes, workers: Math.min(workers, envs) };
}

/** @throws UserError where the frames do not fit this machine, or one array */
function allocate(size: RolloutSize): { memory: SharedArrayBuffer; shared: SharedRollout } {
  const { count, rolloutSteps, observationBytes } = size;
  const bytes = count * (rolloutSteps + 1) * observationBytes;
  const refuse = (why: string): never => {
    const gib = (bytes / 2 ** 30).toFixed(1);
    throw new UserError(
      `frames of ${count} envs over ${rolloutSteps} steps need ${gib} GiB, ${why}; ` +
        'take fewer envs or a shorter rollout',
    );
  };
  // Asked first, because some systems promise any amount and kill whoever uses it.
  if (bytes > memoryBytes()) refuse(`more than the ${(memoryBytes() / 2 ** 30).toFixed(1)} GiB that this machine has`);
  try {
    const memory = allocateRollout(size);
    return { memory, shared: sharedRollout(memory, size) };
  } catch {
    return refuse('more than one array can have here');
  }
}

/** Bytes that this process may use: the machine's, or its container's where that has fewer. */
function memoryBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}
