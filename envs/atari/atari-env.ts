import { type Ale, loadAle } from 'ale-wasm';
import { Box, Discrete, type Env, type ResetOptions, type ResetResult, type StepResult } from 'gym-js';
import { AtariGame, learningReward } from './atari-game.ts';
import { firstStack, nextStack } from './frame-stack.ts';
import { resolveGame } from './games.ts';
import { atariOptions, type AtariOptions, framePixels, frameSide, recipe } from './options.ts';

export interface AtariEnvOptions extends Partial<AtariOptions> {
  /** Any usual name. */
  game: string;
  /** Seed until `reset` gives another; 31 bits, default 0. */
  seed?: number;
}

/**
 * One Atari game as a gym-js environment, in this thread, by the same recipe as the pool: observations are (84, 84,
 * stack) bytes, the newest frame last; `info` has `lives`, `episodeFrameNumber` and the unclipped `score` so far.
 * After a lost life that ends the learning episode, `reset` goes on with the same game unless it is given a seed.
 */
export class AtariEnv implements Env<Uint8Array, number> {
  readonly observationSpace: Box<'uint8'>;
  readonly actionSpace: Discrete;
  readonly actionMeanings: readonly string[];
  readonly recipe: string;

  private readonly ale: Ale;
  private readonly game: AtariGame;
  private readonly options: AtariOptions;
  private observation: Uint8Array;
  /** A game is under way, between `begin` and its end. */
  private playing = false;
  private mustReset = true;

  /** @throws UserError for an unknown game, an option out of range, a ROM or WASM that does not match its hash */
  static async create({ game, seed = 0, ...given }: AtariEnvOptions): Promise<AtariEnv> {
    const resolved = resolveGame(game);
    const options = atariOptions(given);
    const module = await loadAle();
    const ale = await module.create();
    return new AtariEnv(ale, new AtariGame(ale, await module.rom(resolved.rom), options, seed), options);
  }

  private constructor(ale: Ale, game: AtariGame, options: AtariOptions) {
    this.ale = ale;
    this.game = game;
    this.options = options;
    const shape = [frameSide, frameSide, options.stack];
    this.observationSpace = new Box({ low: 0, high: 255, shape, dtype: 'uint8' });
    this.actionSpace = new Discrete(game.actionMeanings.length);
    this.actionMeanings = game.actionMeanings;
    this.recipe = recipe(options);
    this.observation = this.blank();
  }

  reset({ seed }: ResetOptions = {}): ResetResult<Uint8Array> {
    if (seed !== undefined) this.game.restart(seed);
    if (seed !== undefined || !this.playing) {
      this.game.begin();
      this.observation = this.blank();
      firstStack(this.game.frame, this.observation);
    }
    this.playing = true;
    this.mustReset = false;
    return { observation: this.observation, info: this.info() };
  }

  step(action: number): StepResult<Uint8Array> {
    if (this.mustReset) throw new Error('the episode is over; call reset() before step()');
    if (!this.actionSpace.contains(action)) {
      throw new RangeError(`action ${action} is not a whole number from 0 to ${this.actionSpace.n - 1}`);
    }
    const { game } = this;
    game.step(action);
    const observation = this.blank();
    nextStack(game.frame, this.observation, observation);
    this.observation = observation;
    const { terminated } = game;
    const truncated = game.truncated && !terminated;
    this.playing = !game.over;
    this.mustReset = terminated || truncated;
    return { observation, reward: learningReward(game.reward, this.options), terminated, truncated, info: this.info() };
  }

  close(): void {
    this.ale.close();
  }

  /** A new array for each observation, for the caller may keep them. */
  private blank(): Uint8Array {
    return new Uint8Array(framePixels * this.options.stack);
  }

  private info(): Record<string, unknown> {
    const { livesLeft, frames, score } = this.game;
    return { lives: livesLeft, episodeFrameNumber: frames, score };
  }
}
