import { type AtariGame, learningReward } from './atari-game.ts';
import { firstStack, nextStack } from './frame-stack.ts';
import { restartStep } from './handshake.ts';
import { type AtariOptions, frameChannels, observationBytes } from './options.ts';
import type { SharedRollout } from './shared-rollout.ts';

/** One environment of the pool: plays its game and writes its own rows of the shared rollout. */
export class RolloutRow {
  readonly env: number;
  private readonly seed: number;
  private readonly game: AtariGame;
  private readonly options: AtariOptions;
  private readonly shared: SharedRollout;
  private readonly channels: number;
  /** Views of observation rows 0..T, and of the final one. */
  private readonly stacks: readonly Uint8Array[];
  private readonly finalStack: Uint8Array;

  constructor(env: number, seed: number, game: AtariGame, options: AtariOptions, shared: SharedRollout) {
    this.env = env;
    this.seed = seed;
    this.game = game;
    this.options = options;
    this.shared = shared;
    this.channels = frameChannels(options);
    const size = observationBytes(options);
    const rows = shared.observations.length / size / shared.actions.length;
    this.stacks = Array.from({ length: rows }, (_, t) => {
      const offset = (env * rows + t) * size;
      return shared.observations.subarray(offset, offset + size);
    });
    this.finalStack = shared.finalObservations.subarray(env * size, (env + 1) * size);
  }

  /** Plays step t with the action that lies ready, or begins anew from the seed at `restartStep`. */
  play(t: number): void {
    if (t === restartStep) {
      this.game.restart(this.seed);
      this.begin(0);
    } else {
      this.step(t);
    }
  }

  private step(t: number): void {
    const { env, game, shared, options, channels } = this;
    game.step(shared.actions[env] ?? 0);
    // An episode that a lost life has ended is not cut as well, even if the game is.
    const truncated = game.truncated && !game.terminated;
    const cell = env * (this.stacks.length - 1) + t;
    shared.rewards[cell] = learningReward(game.reward, options);
    shared.terminated[cell] = Number(game.terminated);
    shared.truncated[cell] = Number(truncated);
    shared.ended[env] = Number(game.over);
    if (truncated) nextStack(game.frame, this.stack(t), this.finalStack, channels);
    if (!game.over) {
      nextStack(game.frame, this.stack(t), this.stack(t + 1), channels);
      if (game.terminated) this.begin(t + 1);
      return;
    }
    shared.scores[env] = game.score;
    shared.gameFacts.set([game.steps, game.frames, game.livesLost, Number(game.truncated)], env * 4);
    this.begin(t + 1);
  }

  private begin(t: number): void {
    if (this.game.begin()) firstStack(this.game.frame, this.stack(t), this.channels);
  }

  private stack(t: number): Uint8Array {
    const row = this.stacks[t];
    if (!row) throw new RangeError(`there is no observation row ${t}; there are ${this.stacks.length}`);
    return row;
  }
}
