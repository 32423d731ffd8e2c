import type { AutoresetMode } from 'gym-js';
import { packSaved, unpackSaved } from '../saved-bytes.ts';
import { type AtariGame, type AtariGameState, learningReward } from './atari-game.ts';
import { firstStack, nextStack } from './frame-stack.ts';
import { type AtariOptions, frameChannels } from './options.ts';
import {
  gameFactWords,
  infoIndex,
  type InfoMoment,
  infoWords,
  type PoolSize,
  type SharedMemory,
} from './shared-memory.ts';

/** In place of an action in a list of what was played: the next episode began. */
export const resetMark = -1;

/** All that one environment of a pool is between two steps. */
interface EnvironmentState {
  readonly game: AtariGameState;
  /** The learning episode is over and the next one has not begun. */
  readonly waitsForReset: boolean;
  readonly observation: Uint8Array;
  /** What the last step told, for whoever has not read it yet. */
  readonly reward: number;
  readonly terminated: number;
  readonly truncated: number;
  readonly infos: Int32Array;
  readonly infoScores: Float64Array;
  /** Where the last step ended an episode and began the next one. */
  readonly finalObservation: Uint8Array | undefined;
}

const kind = 'AtariPool environment';

/** One environment of a pool, in its worker: plays its game and writes its own part of the shared memory. */
export class PoolEnvironment {
  readonly env: number;
  private readonly game: AtariGame;
  private readonly options: AtariOptions;
  private readonly autoreset: AutoresetMode;
  private readonly shared: SharedMemory;
  private readonly size: PoolSize;
  private readonly channels: number;
  /** Views of its observation rows, and of the final one. */
  private readonly stacks: readonly Uint8Array[];
  private readonly finalStack: Uint8Array;
  private waitsForReset = false;
  /** What was resumed, until it is shown. */
  private resumed: EnvironmentState | undefined;

  constructor(
    env: number,
    game: AtariGame,
    options: AtariOptions,
    autoreset: AutoresetMode,
    shared: SharedMemory,
    size: PoolSize,
  ) {
    this.env = env;
    this.game = game;
    this.options = options;
    this.autoreset = autoreset;
    this.shared = shared;
    this.size = size;
    this.channels = frameChannels(options);
    const { observationBytes, rows } = size;
    this.stacks = Array.from({ length: rows }, (_, row) => {
      const offset = (env * rows + row) * observationBytes;
      return shared.observations.subarray(offset, offset + observationBytes);
    });
    this.finalStack = shared.finalObservations.subarray(env * observationBytes, (env + 1) * observationBytes);
  }

  /** One step with the action that lies ready; in mode `nextStep` the next episode instead, where the last is over. */
  step(row: number): void {
    const target = (row + 1) % this.stacks.length;
    if (!this.waitsForReset) return this.play(row, target);
    this.stack(target).set(this.stack(row));
    this.begin(target);
    this.writeResult(row, 0, false, false);
  }

  /** The next episode, after a lost life in the same game. Until the last one is over, that is a new game. */
  reset(row: number): void {
    if (!this.waitsForReset) this.game.abandon();
    this.stack(row).set(this.stack(this.rowBefore(row)));
    this.begin(row);
    this.writeResult(row, 0, false, false);
  }

  /** A new game from `seed`. */
  restart(row: number, seed: number): void {
    this.game.restart(seed);
    this.begin(row);
    this.writeResult(row, 0, false, false);
  }

  private play(row: number, target: number): void {
    const { env, game, shared, options, autoreset, channels } = this;
    game.step(shared.actions[env] ?? 0);
    const { terminated, over } = game;
    // An episode that a lost life has ended is not cut as well, even if the game is.
    const truncated = game.truncated && !terminated;
    const ended = terminated || truncated;
    const reward = learningReward(game.reward, options);
    if (over) this.writeGameFacts();
    nextStack(game.frame, this.stack(row), this.stack(target), channels);
    if (ended && autoreset === 'sameStep') {
      this.finalStack.set(this.stack(target));
      this.writeInfo('end');
      this.begin(target);
    } else {
      this.waitsForReset = ended;
    }
    this.writeResult(row, reward, terminated, truncated);
    shared.ended[env] = Number(over);
  }

  /** Plays again what was played since it was resumed, `resetMark` for a reset; nothing is told of it. */
  replay(played: readonly number[]): void {
    const { game, autoreset } = this;
    for (const action of played) {
      if (action === resetMark || this.waitsForReset) {
        if (!this.waitsForReset) game.abandon();
        game.begin();
        this.waitsForReset = false;
        continue;
      }
      game.step(action);
      const ended = game.terminated || game.truncated;
      if (ended && autoreset === 'sameStep') game.begin();
      else this.waitsForReset = ended;
    }
  }

  /** The whole state, the observation in `row` included: bytes for `resume`. */
  save(row: number): Uint8Array {
    const { env, shared } = this;
    const cell = this.cellBefore(row);
    const [first, behind] = [infoIndex(env, 'now'), infoIndex(env + 1, 'now')];
    const ended = (shared.terminated[cell] ?? 0) + (shared.truncated[cell] ?? 0) > 0;
    const state: EnvironmentState = {
      game: this.game.save(),
      waitsForReset: this.waitsForReset,
      observation: this.stack(row).slice(),
      reward: shared.rewards[cell] ?? 0,
      terminated: shared.terminated[cell] ?? 0,
      truncated: shared.truncated[cell] ?? 0,
      infos: shared.infos.slice(first * infoWords, behind * infoWords),
      infoScores: shared.infoScores.slice(first, behind),
      finalObservation: ended && this.autoreset === 'sameStep' ? this.finalStack.slice() : undefined,
    };
    return packSaved(kind, state);
  }

  /** Takes over a saved state; the shared memory shows it at `show`. Throws UserError or AleError for other bytes. */
  resume(bytes: Uint8Array): void {
    const state = unpackSaved(kind, bytes) as EnvironmentState;
    this.game.restore(state.game);
    this.waitsForReset = state.waitsForReset;
    this.resumed = state;
  }

  /** Writes what was resumed to where a learner sees it, the observation to `row`. */
  show(row: number): void {
    const { env, shared, resumed } = this;
    if (!resumed) return;
    const cell = this.cellBefore(row);
    this.stack(row).set(resumed.observation);
    shared.rewards[cell] = resumed.reward;
    shared.terminated[cell] = resumed.terminated;
    shared.truncated[cell] = resumed.truncated;
    shared.infos.set(resumed.infos, infoIndex(env, 'now') * infoWords);
    shared.infoScores.set(resumed.infoScores, infoIndex(env, 'now'));
    if (resumed.finalObservation) this.finalStack.set(resumed.finalObservation);
    this.resumed = undefined;
  }

  /**
   * The next episode; `row`, a copy of the last observation, is left so where the same game goes on as it is: after a
   * lost life.
   */
  private begin(row: number): void {
    if (this.game.begin()) firstStack(this.game.frame, this.stack(row), this.channels);
    this.waitsForReset = false;
  }

  /** The results of a step from `row`. */
  private writeResult(row: number, reward: number, terminated: boolean, truncated: boolean): void {
    const { env, shared, size } = this;
    const cell = env * size.cells + (row % size.cells);
    shared.rewards[cell] = reward;
    shared.terminated[cell] = Number(terminated);
    shared.truncated[cell] = Number(truncated);
    shared.ended[env] = 0;
    this.writeInfo('now');
  }

  /** What is to know of the game as it is: now, or at the end of an episode that the same step leaves behind. */
  private writeInfo(moment: InfoMoment): void {
    const { env, game, shared } = this;
    const index = infoIndex(env, moment);
    shared.infos.set([game.livesLeft, game.frameNumber, game.frames], index * infoWords);
    shared.infoScores[index] = game.score;
  }

  private writeGameFacts(): void {
    const { env, game, shared } = this;
    shared.scores[env] = game.score;
    shared.gameFacts.set([game.steps, game.frames, game.livesLost, Number(game.truncated)], env * gameFactWords);
  }

  /** Where the step that led to `row` left its results. */
  private cellBefore(row: number): number {
    const { cells } = this.size;
    return this.env * cells + ((row + cells - 1) % cells);
  }

  private rowBefore(row: number): number {
    const { rows } = this.size;
    return (row + rows - 1) % rows;
  }

  private stack(row: number): Uint8Array {
    const stack = this.stacks[row];
    if (!stack) throw new RangeError(`there is no observation row ${row}; there are ${this.stacks.length}`);
    return stack;
  }
}
