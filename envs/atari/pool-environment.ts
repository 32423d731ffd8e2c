import type { AutoresetMode } from 'gym-js';
import { packSaved, unpackSaved } from '../saved-bytes.ts';
import { type AtariGame, type AtariGameState, learningReward } from './atari-game.ts';
import { firstStack, nextStack } from './frame-stack.ts';
import type { AtariOptions } from './options.ts';
import { infoWords, type PoolSize, type SharedMemory } from './shared-memory.ts';

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
    if (this.waitsForReset) {
      if (this.game.over) this.begin(target);
      else this.stack(target).set(this.stack(row)); // a lost life: the same game goes on
      this.waitsForReset = false;
      this.tell(row, 0, false, false);
    } else {
      this.play(row, target);
    }
  }

  /** The next episode: the same game after a lost life, else a new one. */
  reset(row: number): void {
    if (this.game.over || !this.waitsForReset) this.begin(row);
    this.waitsForReset = false;
    this.tell(row, 0, false, false);
  }

  /** A new game from `seed`. */
  restart(row: number, seed: number): void {
    this.game.restart(seed);
    this.waitsForReset = false;
    this.begin(row);
    this.tell(row, 0, false, false);
  }

  private play(row: number, target: number): void {
    const { env, game, shared, options, autoreset } = this;
    game.step(shared.actions[env] ?? 0);
    // An episode that a lost life has ended is not cut as well, even if the game is.
    const truncated = game.truncated && !game.terminated;
    const ended = game.terminated || truncated;
    const reward = learningReward(game.reward, options);
    if (game.over) this.tellGame();
    const { terminated, over } = game;
    if (autoreset === 'sameStep' && ended) {
      nextStack(game.frame, this.stack(row), this.finalStack);
      this.tellInfo(1);
    }
    if (autoreset === 'sameStep' && over) {
      this.begin(target);
    } else {
      nextStack(game.frame, this.stack(row), this.stack(target));
      this.waitsForReset = ended && autoreset !== 'sameStep';
    }
    this.tell(row, reward, terminated, truncated);
    shared.ended[env] = Number(over);
  }

  /** Plays again what was played since it was resumed, `resetMark` for a reset; nothing is told of it. */
  replay(played: readonly number[]): void {
    const { game, autoreset } = this;
    for (const action of played) {
      if (action === resetMark || this.waitsForReset) {
        if (game.over || !this.waitsForReset) game.begin();
        this.waitsForReset = false;
        continue;
      }
      game.step(action);
      const ended = game.terminated || game.truncated;
      if (autoreset !== 'sameStep') this.waitsForReset = ended;
      else if (game.over) game.begin();
    }
  }

  /** The whole state, the observation in `row` included: bytes for `resume`. */
  save(row: number): Uint8Array {
    const { env, shared, size } = this;
    const cell = this.cellBefore(row);
    const ended = (shared.terminated[cell] ?? 0) + (shared.truncated[cell] ?? 0) > 0;
    const state: EnvironmentState = {
      game: this.game.save(),
      waitsForReset: this.waitsForReset,
      observation: this.stack(row).slice(),
      reward: shared.rewards[cell] ?? 0,
      terminated: shared.terminated[cell] ?? 0,
      truncated: shared.truncated[cell] ?? 0,
      infos: shared.infos.slice(env * 2 * infoWords, (env + 1) * 2 * infoWords),
      infoScores: shared.infoScores.slice(env * 2, (env + 1) * 2),
      finalObservation: ended && this.autoreset === 'sameStep' ? this.finalStack.slice() : undefined,
    };
    if (state.observation.length !== size.observationBytes) throw new RangeError(`there is no observation row ${row}`);
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
    shared.infos.set(resumed.infos, env * 2 * infoWords);
    shared.infoScores.set(resumed.infoScores, env * 2);
    if (resumed.finalObservation) this.finalStack.set(resumed.finalObservation);
    this.resumed = undefined;
  }

  private begin(row: number): void {
    this.game.begin();
    firstStack(this.game.frame, this.stack(row));
  }

  /** The results of a step from `row`. */
  private tell(row: number, reward: number, terminated: boolean, truncated: boolean): void {
    const { env, shared, size } = this;
    const cell = env * size.cells + (row % size.cells);
    shared.rewards[cell] = reward;
    shared.terminated[cell] = Number(terminated);
    shared.truncated[cell] = Number(truncated);
    shared.ended[env] = 0;
    this.tellInfo(0);
  }

  /** What is to know of the game now; `which` is 1 at the end of an episode that the same step leaves behind. */
  private tellInfo(which: 0 | 1): void {
    const { env, game, shared } = this;
    const at = (env * 2 + which) * infoWords;
    shared.infos[at] = game.livesLeft;
    shared.infos[at + 1] = game.frameNumber;
    shared.infos[at + 2] = game.frames;
    shared.infoScores[env * 2 + which] = game.score;
  }

  private tellGame(): void {
    const { env, game, shared } = this;
    shared.scores[env] = game.score;
    shared.gameFacts.set([game.steps, game.frames, game.livesLost, Number(game.truncated)], env * 4);
  }

  /** Where the step that led to `row` left its results. */
  private cellBefore(row: number): number {
    const { cells } = this.size;
    return this.env * cells + ((row + cells - 1) % cells);
  }

  private stack(row: number): Uint8Array {
    const stack = this.stacks[row];
    if (!stack) throw new RangeError(`there is no observation row ${row}; there are ${this.stacks.length}`);
    return stack;
  }
}
