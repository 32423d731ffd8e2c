import { type Ale } from 'ale-wasm';
import { Box, Discrete, type Env, type ResetOptions, type ResetResult, type StepResult } from 'gym-js';
import { AtariGame, learningReward } from './atari-game.ts';
import { firstStack, nextStack } from './frame-stack.ts';
import { resolveGame } from './games.ts';
import { atariOptions, type AtariOptions, frameChannels, observationBytes, observationShape } from './options.ts';
import { recipe } from './recipe.ts';
import { sharedAle } from './shared-ale.ts';

export interface PreprocessedAtariOptions extends Partial<AtariOptions> {
  /** Any usual name. */
  game: string;
  /** Seed until `reset` gives another; 31 bits, default 0. */
  seed?: number;
}

/**
 * One Atari game as a gym-js environment, in this thread, by the same recipe as the pool: observations are (height,
 * width, stackNum * channels) bytes, the newest frame last; `info` has `lives`, `episodeFrameNumber` and the unclipped
 * `score` so far. After a lost life that ends the learning episode, `reset` goes on with the same game, unless it is
 * given a seed; otherwise it begins a new one.
 */
export class PreprocessedAtariEnv implements Env<Uint8Array, number> {
  readonly observationSpace: Box<'uint8'>;
  readonly actionSpace: Discrete;
  readonly actionMeanings: readonly string[];
  readonly recipe: string;

  private readonly ale: Ale;
  private readonly game: AtariGame;
  private readonly options: AtariOptions;
  private readonly channels: number;
  private observation: Uint8Array;
  private mustReset = true;

  /** @throws UserError for an unknown game, an option out of range, a ROM or WASM that does not match its hash */
  static async create({ game, seed = 0, ...given }: PreprocessedAtariOptions): Promise<PreprocessedAtariEnv> {
    const resolved = resolveGame(game);
    const options = atariOptions(given);
    const module = await sharedAle();
    const ale = await module.create();
    return new PreprocessedAtariEnv(ale, new AtariGame(ale, await module.rom(resolved.rom), options, seed), options);
  }

  private constructor(ale: Ale, game: AtariGame, options: AtariOptions) {
    this.ale = ale;
    this.game = game;
    this.options = options;
    this.channels = frameChannels(options);
    this.observationSpace = new Box({ low: 0, high: 255, shape: observationShape(options), dtype: 'uint8' });
    this.actionSpace = new Discrete(game.actionMeanings.length);
    this.actionMeanings = game.actionMeanings;
    this.recipe = recipe(options);
    this.observation = this.blank();
  }

  reset({ seed }: ResetOptions = {}): ResetResult<Uint8Array> {
    const { game, mustReset } = this;
    if (seed !== undefined) game.restart(seed);
    else if (!mustReset) game.abandon();
    if (game.begin()) {
      this.observation = this.blank();
      firstStack(game.frame, this.observation, this.channels);
    }
    this.mustReset = false;
    return { observation: this.observation, info: this.info() };
  }

  step(action: number): StepResult<Uint8Array> {
    if (this.mustReset) throw new Error('the episode is over; call reset() before step()');
    if (!this.actionSpace.contains(action)) {
      throw new RangeError(`action ${action} is not a whole number from 0 to ${this.actionSpace.n - 1}`);
    }
    const { game, options } = this;
    game.step(action);
    const observation = this.blank();
    nextStack(game.frame, this.observation, observation, this.channels);
    this.observation = observation;
    const { terminated } = game;
    const truncated = game.truncated && !terminated;
    this.mustReset = terminated || truncated;
    return { observation, reward: learningReward(game.reward, options), terminated, truncated, info: this.info() };
  }

  close(): void {
    this.ale.close();
  }

  /** A new array for each observation, for the caller may keep them. */
  private blank(): Uint8Array {
    return new Uint8Array(observationBytes(this.options));
  }

  private info(): Record<string, unknown> {
    const { livesLeft, frames, score } = this.game;
    return { lives: livesLeft, episodeFrameNumber: frames, score };
  }
}
