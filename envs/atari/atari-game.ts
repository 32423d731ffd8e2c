import { type Ale, actionNames } from 'ale-wasm';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne, mersenneFromState } from 'pure-rand/generator/mersenne';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { environmentSeed } from '../seeds.ts';
import type { AtariOptions } from './options.ts';

/** ALE's code of the action that does nothing. */
const noop = 0;

/** All that decides how a game goes on, and what it told last. */
export interface AtariGameState {
  /** The emulator's snapshot. */
  readonly emulator: Uint8Array;
  /** State of the generator of no-ops. */
  readonly random: readonly number[];
  readonly freshFrom: number | undefined;
  readonly reward: number;
  readonly terminated: boolean;
  readonly over: boolean;
  readonly truncated: boolean;
  readonly score: number;
  readonly steps: number;
  readonly lives: number;
  readonly livesLost: number;
}

/**
 * One game on one emulator, played by the recipe up to single frames; stacks are made by whoever keeps them.
 * `restart`, then `begin`, then `step` until `over`, then `begin` again. The fields tell what the last step did.
 */
export class AtariGame {
  /** One name per action index, such as 'FIRE'. */
  readonly actionMeanings: readonly string[];

  /** Sum of the rewards of the last step's frames, not clipped. */
  reward = 0;
  /** The learning episode ended by its own rules: game over, or a lost life where the options say so. */
  terminated = false;
  /** The whole game has ended, by its own rules or by the frame cap. */
  over = false;
  /** It was the frame cap. */
  truncated = false;
  /** Of this game so far: sum of the rewards, agent steps, lives lost. */
  score = 0;
  steps = 0;
  livesLost = 0;

  private readonly ale: Ale;
  private readonly rom: Uint8Array;
  private readonly options: AtariOptions;
  private readonly actionCodes: readonly number[];
  private random: RandomGenerator;
  /** The seed from which emulator and generator have not moved yet. */
  private freshFrom: number | undefined;
  private lives = 0;

  /**
   * Puts cartridge `rom` into `ale`, which nobody else may use then.
   * @throws AleError where ALE does not know the cartridge
   */
  constructor(ale: Ale, rom: Uint8Array, options: AtariOptions, seed: number) {
    this.ale = ale;
    this.rom = rom;
    this.options = options;
    this.random = this.load(seed);
    this.actionCodes = options.fullActionSet ? ale.legalActions() : ale.minimalActions();
    this.actionMeanings = this.actionCodes.map((code) => actionNames[code] ?? `${code}`);
  }

  /** The newest frame, (84, 84) bytes, gray: a view, good until the next call. */
  get frame(): Uint8Array {
    return this.ale.observation;
  }

  /** Emulated frames of this game, no-ops included. */
  get frames(): number {
    return this.ale.episodeFrameNumber;
  }

  /** Emulated frames since the cartridge was put in. */
  get frameNumber(): number {
    return this.ale.frameNumber;
  }

  /** Lives left; 0 in games that count none. */
  get livesLeft(): number {
    return this.lives;
  }

  /** Puts emulator and generator where `seed` (31 bits) puts them: the same actions now give the same games. */
  restart(seed: number): void {
    if (this.freshFrom !== seed) this.random = this.load(seed);
  }

  /** A new game: the emulator's reset, then the no-ops. */
  begin(): void {
    const { ale, options } = this;
    this.freshFrom = undefined;
    ale.resetGame();
    const noops = options.noops === 0 ? 0 : uniformInt(this.random, 1, options.noops);
    for (let i = 0; i < noops; i++) {
      ale.act(noop);
      if (ale.gameOver) ale.resetGame();
    }
    ale.observeScreen();
    this.lives = ale.lives;
    this.reward = this.score = this.steps = this.livesLost = 0;
    this.terminated = this.over = this.truncated = false;
  }

  /** Holds action `action` (an index) for the skipped frames, or until the game ends within them. */
  step(action: number): void {
    const { ale, options } = this;
    this.reward = ale.agentStep(this.actionCodes[action] ?? noop, options.frameSkip);
    const lives = ale.lives;
    const lost = Math.max(0, this.lives - lives);
    const finished = ale.gameTerminal;
    // The last life is lost with the game; some games show 0 lives while they go on.
    this.terminated = finished || (options.lifeLoss && lost > 0 && lives > 0);
    this.truncated = !finished && ale.gameTruncated;
    this.over = finished || this.truncated;
    this.lives = lives;
    this.livesLost += lost;
    this.score += this.reward;
    this.steps += 1;
  }

  /** All that decides how the game goes on. `frame` is not part of it: it shows what the last step saw, or nothing. */
  save(): AtariGameState {
    const { freshFrom, reward, terminated, over, truncated, score, steps, lives, livesLost } = this;
    const told = { freshFrom, reward, terminated, over, truncated, score, steps, lives, livesLost };
    return { emulator: this.ale.saveState(), random: [...this.random.getState()], ...told };
  }

  /**
   * Goes on from what `save` of a game with the same cartridge and options returned.
   * @throws AleError where the emulator's snapshot is damaged or of another cartridge; nothing has changed then
   */
  restore({ emulator, random, freshFrom, ...told }: AtariGameState): void {
    this.ale.restoreState(emulator);
    this.random = mersenneFromState(random);
    this.freshFrom = freshFrom;
    Object.assign(this, told);
  }

  private load(seed: number): RandomGenerator {
    const { ale, options } = this;
    ale.setSeed(seed);
    ale.setRepeatActionProbability(options.sticky);
    ale.setMaxFramesPerEpisode(options.frameCap);
    ale.insertRom(this.rom);
    this.freshFrom = seed;
    // ALE's own draws come from the same kind of generator: from the same seed they would be the same numbers.
    return mersenne(environmentSeed(seed, 0));
  }
}

/** The learner's reward for one step. */
export function learningReward(reward: number, { rewardClip }: AtariOptions): number {
  return rewardClip ? Math.sign(reward) : reward;
}
