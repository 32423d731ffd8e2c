import type { Ale } from 'ale-wasm';
import { actionsOf, insertGame } from './console.ts';
import { type AtariOptions, frameSize } from './options.ts';
import { type SeededStart, seededStart } from './seeding.ts';

/** ALE's codes of the actions that do nothing, and that press the button. */
const noop = 0;
const fire = 1;

/** All that decides how a game goes on, and what it told last. */
export interface AtariGameState {
  /** The emulator's snapshot. */
  readonly emulator: Uint8Array;
  /** State of the generator of no-ops. */
  readonly start: unknown;
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
 * `restart`, then `begin`, then `step` until an episode ends, then `begin` again. The fields tell what the last step
 * did.
 */
export class AtariGame {
  /** One name per action index, such as 'FIRE'. */
  readonly actionMeanings: readonly string[];

  /** Sum of the rewards of the last step's frames, not clipped. */
  reward = 0;
  /** The learning episode ended by its own rules: game over, or a lost life where the options say so. */
  terminated = false;
  /** The whole game has ended, by its own rules or by the frame cap; or none has begun. */
  over = true;
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
  /** What `fireReset` presses at the start of an episode; nothing where it is off or the game has no FIRE. */
  private readonly firstActions: readonly number[];
  private start: SeededStart;
  /** The seed from which emulator and generator have not moved yet. */
  private freshFrom: number | undefined;
  private lives = 0;

  /**
   * Puts cartridge `rom` into `ale`, which nobody else may use then.
   * @throws AleError where ALE does not know the cartridge, or the game has no such mode, difficulty or screen size
   */
  constructor(ale: Ale, rom: Uint8Array, options: AtariOptions, seed: number) {
    this.ale = ale;
    this.rom = rom;
    this.options = options;
    this.start = this.load(seed);
    ({ codes: this.actionCodes, meanings: this.actionMeanings } = actionsOf(ale, options.fullActionSpace));
    this.firstActions = options.fireReset && this.actionCodes.includes(fire) ? this.actionCodes.slice(1, 3) : [];
  }

  /** The newest frame, (height, width) bytes of gray or (height, width, 3): a view, good until the next call. */
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
    if (this.freshFrom !== seed) this.start = this.load(seed);
    this.over = true;
  }

  /** Leaves the game under way: the next `begin` is that of a new one. */
  abandon(): void {
    this.over = true;
  }

  /**
   * Begins a learning episode: a new game, or after a lost life the same one.
   * @returns whether `frame` is the first of a new stack; otherwise nothing has happened, frame and stack go on
   */
  begin(): boolean {
    this.freshFrom = undefined;
    const isNew = this.over;
    if (isNew) this.beginGame();
    else if (this.firstActions.length > 0) this.goOn();
    this.terminated = this.truncated = this.over = false;
    return isNew || this.firstActions.length > 0;
  }

  /** Holds action `action` (an index) for the skipped frames, or until the game ends within them. */
  step(action: number): void {
    const { ale, options } = this;
    this.reward = this.hold(this.actionCodes[action] ?? noop);
    const lives = ale.lives;
    const lost = Math.max(0, this.lives - lives);
    const finished = ale.gameTerminal;
    // The last life is lost with the game; some games show 0 lives while they go on.
    this.terminated = finished || (options.terminalOnLifeLoss && lost > 0 && lives > 0);
    this.truncated = !finished && ale.gameTruncated;
    this.over = finished || this.truncated;
    this.lives = lives;
    this.livesLost += lost;
    this.steps += 1;
  }

  /** All that decides how the game goes on, and `frame`. */
  save(): AtariGameState {
    const { freshFrom, reward, terminated, over, truncated, score, steps, lives, livesLost } = this;
    const told = { freshFrom, reward, terminated, over, truncated, score, steps, lives, livesLost };
    return { emulator: this.ale.saveState(), start: this.start.save(), ...told };
  }

  /**
   * Goes on from what `save` of a game with the same cartridge and options returned.
   * @throws AleError where the emulator's snapshot is damaged or of another cartridge; nothing has changed then
   */
  restore(state: AtariGameState): void {
    this.ale.restoreState(state.emulator);
    this.start.restore(state.start);
    this.freshFrom = state.freshFrom;
    this.reward = state.reward;
    this.terminated = state.terminated;
    this.over = state.over;
    this.truncated = state.truncated;
    this.score = state.score;
    this.steps = state.steps;
    this.lives = state.lives;
    this.livesLost = state.livesLost;
  }

  private beginGame(): void {
    const { ale, options, start, firstActions } = this;
    this.reward = this.score = this.steps = this.livesLost = 0;
    ale.resetGame();
    const firesFirst = options.seeding === 'ale' && firstActions.length > 0;
    if (firesFirst) ale.act(fire);
    const noops = start.drawNoops(options.noopMax) - Number(firesFirst);
    for (let i = 0; i < noops; i++) {
      ale.act(noop);
      if (ale.gameOver) ale.resetGame();
    }
    ale.observeScreen();
    if (!firesFirst) this.fire();
    this.lives = ale.lives;
  }

  /** After a lost life. Should the game end within these frames, the next step finds it ended. */
  private goOn(): void {
    const { ale, options } = this;
    if (options.seeding === 'ale') {
      this.score += ale.act(fire);
      ale.observeScreen();
    } else {
      // Stable-Baselines3's EpisodicLifeEnv, then its FireResetEnv.
      this.hold(noop);
      this.fire();
    }
    this.lives = ale.lives;
  }

  private fire(): void {
    for (const code of this.firstActions) this.hold(code);
  }

  private hold(code: number): number {
    const reward = this.ale.agentStep(code, this.options.frameSkip);
    this.score += reward;
    return reward;
  }

  private load(seed: number): SeededStart {
    const { ale, options } = this;
    const start = seededStart(options.seeding, seed);
    ale.setObservation({ size: frameSize(options), grayscale: options.grayscale, maxPool: options.maxPool });
    insertGame(ale, this.rom, options, start.emulatorSeed);
    this.freshFrom = seed;
    return start;
  }
}

/** The learner's reward for one step. */
export function learningReward(reward: number, { rewardClip }: AtariOptions): number {
  if (rewardClip === 'sign') return Math.sign(reward);
  return rewardClip === 'range' ? Math.min(1, Math.max(-1, reward)) : reward;
}
