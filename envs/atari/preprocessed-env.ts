import type { Ale, AleModule } from 'ale-wasm';
import {
  Box,
  Discrete,
  type Env,
  type EnvMetadata,
  type RenderFrame,
  type ResetOptions,
  type ResetResult,
  type StepResult,
} from 'gym-js';
import { requireOneOf } from '../ranges.ts';
import { AtariGame, type AtariGameState, learningReward } from './atari-game.ts';
import { screenOf } from './console.ts';
import { firstStack, nextStack } from './frame-stack.ts';
import { resolveGame } from './games.ts';
import { atariOptions, type AtariOptions, frameChannels, observationBytes, observationShape } from './options.ts';
import { recipe } from './recipe.ts';
import { packEnv, unpackEnv } from './saved-env.ts';
import { requireSeed } from './seeding.ts';
import { sharedAle } from './shared-ale.ts';

export interface PreprocessedAtariOptions extends Partial<AtariOptions> {
  /** Any usual name. */
  game: string;
  /** Seed until `reset` gives another; 31 bits, default 0. */
  seed?: number | undefined;
  /** What ale-wasm's `loadAle` gave: for pages that serve its build elsewhere. Without it the build beside its code. */
  ale?: AleModule | undefined;
  /** `rgb_array` for the whole screen, in colours, by `render()`; default none. */
  renderMode?: 'rgb_array' | undefined;
}

/** What `saveState` keeps. */
interface State {
  readonly game: AtariGameState;
  readonly observation: Uint8Array;
  readonly mustReset: boolean;
}

const savedKind = 'PreprocessedAtariEnv';

/**
 * One Atari game as a gym-js environment, in this thread, by the same recipe as the pool: observations are (height,
 * width, stackNum * channels) bytes, the newest frame last; `info` has `lives`, `frameNumber`, `episodeFrameNumber` and
 * the unclipped `score` so far. After a lost life that ends the learning episode, `reset` goes on with the same game,
 * unless it is given a seed; otherwise it begins a new one.
 */
export class PreprocessedAtariEnv implements Env<Uint8Array, number> {
  readonly metadata: EnvMetadata;
  readonly renderMode: 'rgb_array' | undefined;
  readonly observationSpace: Box<'uint8'>;
  readonly actionSpace: Discrete;
  readonly actionMeanings: readonly string[];
  readonly recipe: string;

  private readonly ale: Ale;
  private readonly rom: string;
  private readonly game: AtariGame;
  private readonly options: AtariOptions;
  private readonly channels: number;
  private observation: Uint8Array;
  private mustReset = true;

  /**
   * @throws UserError for an unknown game or option, one out of range, a ROM or WASM that does not match its hash
   */
  static async create(given: PreprocessedAtariOptions): Promise<PreprocessedAtariEnv> {
    const options = atariOptions(given, savedKind, ['game', 'seed', 'ale', 'renderMode']);
    const { game, seed = 0, renderMode } = given;
    const { rom } = resolveGame(game);
    requireSeed(seed);
    requireOneOf('renderMode', renderMode, ['rgb_array', undefined]);
    const module = given.ale ?? (await sharedAle());
    const bytes = await module.rom(rom);
    const ale = await module.create();
    try {
      const played = new AtariGame(ale, bytes, options, seed);
      return new PreprocessedAtariEnv(ale, rom, played, options, recipe(options, module.version), renderMode);
    } catch (error) {
      ale.close();
      throw error;
    }
  }

  private constructor(
    ale: Ale,
    rom: string,
    game: AtariGame,
    options: AtariOptions,
    recipe: string,
    renderMode: 'rgb_array' | undefined,
  ) {
    this.ale = ale;
    this.rom = rom;
    this.game = game;
    this.options = options;
    this.renderMode = renderMode;
    this.metadata = { renderModes: ['rgb_array'], renderFps: 60 / options.frameSkip };
    this.channels = frameChannels(options);
    this.observationSpace = new Box({ low: 0, high: 255, shape: observationShape(options), dtype: 'uint8' });
    this.actionSpace = new Discrete(game.actionMeanings.length);
    this.actionMeanings = game.actionMeanings;
    this.recipe = recipe;
    this.observation = this.blank();
  }

  reset({ seed }: ResetOptions = {}): ResetResult<Uint8Array> {
    const { game, mustReset } = this;
    if (seed !== undefined) {
      requireSeed(seed);
      game.restart(seed);
    } else if (!mustReset) game.abandon();
    const isNew = game.begin();
    this.observation = this.observation.slice();
    if (isNew) firstStack(game.frame, this.observation, this.channels);
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

  /** The whole screen, as it is. Throws UserError where the environment was made without a `renderMode`. */
  render(): RenderFrame {
    return screenOf(this.ale, this.renderMode);
  }

  close(): void {
    this.ale.close();
  }

  /** All that decides how it goes on, as bytes: after `restoreState`, here or in another, nothing differs. */
  saveState(): Uint8Array {
    const { game, observation, mustReset } = this;
    return packEnv<State>(savedKind, this.played(), { game: game.save(), observation, mustReset });
  }

  /**
   * Goes on from what `saveState` of one with the same game and options returned.
   * @returns what is to be seen there
   * @throws UserError for bytes that are damaged, foreign or of other options; nothing has changed then
   */
  restoreState(saved: Uint8Array): ResetResult<Uint8Array> {
    const { game, observation, mustReset } = unpackEnv<State>(savedKind, this.played(), saved);
    this.game.restore(game);
    this.observation = observation;
    this.mustReset = mustReset;
    return { observation, info: this.info() };
  }

  private played(): object {
    return { game: this.rom, ...this.options };
  }

  /** A new array for each observation, for the caller may keep them. */
  private blank(): Uint8Array {
    return new Uint8Array(observationBytes(this.options));
  }

  private info(): Record<string, unknown> {
    const { livesLeft, frameNumber, frames, score } = this.game;
    return { lives: livesLeft, frameNumber, episodeFrameNumber: frames, score };
  }
}
