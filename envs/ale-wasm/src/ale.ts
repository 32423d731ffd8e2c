// SPDX-License-Identifier: GPL-2.0-only
import { actionNames } from './actions.ts';
import { AleError } from './error.ts';
import type { AleExports, AleInstance } from './instance.ts';
import type { AleModule } from './module.ts';
import { checkFormat, type ObservationFormat, usualFormat } from './observation.ts';
import { openSnapshot, sealSnapshot } from './snapshot.ts';

const largestRom = 512 * 1024;
const largestInt = 2 ** 31 - 1;
const ramBytes = 128;

/**
 * One emulator, with ALE's own names. Settings (`set...` before `loadRom`) count from the next `loadRom` on, as in ALE.
 *
 * What it shows (`screen`, `ram`, `observation`, ...) are views into its memory: no copies. They change with the next
 * call, and end when the memory grows (a `loadRom` may do that), so take them anew after each step, or copy.
 *
 * Every method throws an AleError, never a trap, for an argument out of range,
 * before a ROM is loaded, or after `close`.
 */
export class Ale {
  readonly #module: AleModule;
  readonly #ended: () => string | undefined;
  #instance: AleInstance | undefined;
  #game: string | undefined;
  #md5 = '';
  #format = usualFormat;
  #observation = new Uint8Array();
  #observationBytes = 0;

  /** Made by `AleModule.create`. */
  constructor(module: AleModule, instance: AleInstance, ended: () => string | undefined) {
    this.#module = module;
    this.#instance = instance;
    this.#ended = ended;
    // ALE's own default is the clock; the same calls are to give the same game.
    this.setSeed(0);
  }

  /** Seeds the sticky actions' generator: an integer below 2^32 - 1. Counts from the next `loadRom` on. */
  setSeed(seed: number): void {
    // ALE keeps it in a signed setting, of which it takes the bits; -1 would be the clock.
    this.#exports.set_seed(checkInteger('seed', seed, 0, 2 ** 32 - 2) | 0);
  }

  /** Probability that a frame repeats the action before (ALE's default: 0.25). Counts from the next `loadRom` on. */
  setRepeatActionProbability(probability: number): void {
    this.#exports.set_repeat_action_probability(checkShare('repeat action probability', probability));
  }

  /** Frames after which an episode is truncated; 0, the default, for never. Counts from the next `loadRom` on. */
  setMaxFramesPerEpisode(frames: number): void {
    this.#exports.set_max_frames_per_episode(checkInteger('max frames per episode', frames, 0, largestInt));
  }

  /** How `observation` is made; what is left out is as usual. Counts from the next `loadRom` on. */
  setObservation(format: Partial<ObservationFormat>): void {
    this.#format = checkFormat({ ...usualFormat, ...format });
  }

  /**
   * Puts a cartridge in and begins its first episode. Mode and difficulty become the game's defaults.
   * @param rom a game by ALE's name, such as 'breakout', or the bytes of a cartridge that ALE supports
   * @throws {AleError} if the game is unknown, or the cartridge is damaged or not supported
   */
  async loadRom(rom: string | Uint8Array): Promise<void> {
    this.insertRom(typeof rom === 'string' ? await this.#module.rom(rom) : rom);
  }

  /**
   * The same at once, for whoever has the cartridge's bytes.
   * @throws {AleError} if the cartridge is damaged or not supported
   */
  insertRom(bytes: Uint8Array): void {
    if (bytes.length === 0 || bytes.length > largestRom) {
      throw new AleError(`a ROM of ${bytes.length} bytes; ALE takes 1 to ${largestRom}`);
    }
    const wasm = this.#exports;
    this.#instance?.layRom(bytes);
    const md5 = this.#text(wasm.rom_md5(), 32);
    const game = this.#module.gameOf(md5);
    if (game === undefined) {
      throw new AleError(`a ROM with MD5 ${md5}, which ALE does not know; games() lists the games it supports`);
    }
    this.#game = undefined;
    wasm.load_rom();
    this.#shapeObservation(wasm, game);
    this.#game = game;
    this.#md5 = md5;
  }

  /** The loaded game, by ALE's name; undefined before `loadRom`. */
  get game(): string | undefined {
    return this.#game;
  }

  /** Emulates one frame. @returns the reward, unclipped. After game over nothing moves until `resetGame`. */
  act(action: number, strength = 1): number {
    return this.#loaded.act(checkAction(action), checkShare('paddle strength', strength));
  }

  /**
   * Emulates `frameSkip` frames of one action, fewer where the game ends, and writes `observation`: gray of the last
   * two frames it emulated (of one, if it emulated no more), their maximum, area-averaged to 84x84, unless
   * `setObservation` said otherwise.
   * @returns the sum of the rewards, unclipped
   */
  agentStep(action: number, frameSkip: number, strength = 1): number {
    return this.#loaded.agent_step(
      checkAction(action),
      checkInteger('frame skip', frameSkip, 1, 1000),
      checkShare('paddle strength', strength),
    );
  }

  /** Frames that the last `agentStep` emulated: fewer than its skip where the game ended. */
  get agentStepFrames(): number {
    return this.#loaded.agent_step_frames();
  }

  /** Writes `observation` from the current screen alone: what an agent sees after a reset. */
  observeScreen(): void {
    this.#loaded.observe_screen();
  }

  /** (height, width) bytes, (height, width, 3) of RGB, row by row: what `agentStep` or `observeScreen` saw. */
  get observation(): Uint8Array {
    const { memory } = this.#loaded;
    if (this.#observation.buffer !== memory.buffer) {
      this.#observation = new Uint8Array(memory.buffer, this.#loaded.observation(), this.#observationBytes);
    }
    return this.#observation;
  }

  /** Begins a new episode, in the mode and difficulty that were set last. */
  resetGame(): void {
    this.#loaded.reset_game();
  }

  /** Whether the episode has ended, be it by the game's rules or by truncation. */
  get gameOver(): boolean {
    return this.#loaded.game_over() !== 0;
  }

  /** Whether the episode has ended by the game's rules. */
  get gameTerminal(): boolean {
    return this.#loaded.game_terminal() !== 0;
  }

  /** Whether the episode was cut at the maximal number of frames. */
  get gameTruncated(): boolean {
    return this.#loaded.game_truncated() !== 0;
  }

  get lives(): number {
    return this.#loaded.lives();
  }

  /** Frames since the ROM was loaded. */
  get frameNumber(): number {
    return this.#loaded.frame_number();
  }

  /** Frames since the episode began. */
  get episodeFrameNumber(): number {
    return this.#loaded.episode_frame_number();
  }

  /** Pixels per row: 160. */
  get screenWidth(): number {
    return this.#loaded.screen_width();
  }

  /** Rows: 210 in most games, up to 250 in others. */
  get screenHeight(): number {
    return this.#loaded.screen_height();
  }

  /** (height, width) palette indices, row by row. */
  get screen(): Uint8Array {
    return this.#bytes(this.#loaded.screen(), this.#pixels);
  }

  /** (height, width) gray, row by row: ALE's palette of grays. */
  screenGray(): Uint8Array {
    return this.#bytes(this.#loaded.screen_gray(), this.#pixels);
  }

  /** (height, width, 3) red, green and blue, row by row. */
  screenRgb(): Uint8Array {
    return this.#bytes(this.#loaded.screen_rgb(), 3 * this.#pixels);
  }

  /** The console's 128 bytes of RAM. */
  get ram(): Uint8Array {
    return this.#bytes(this.#loaded.ram(), ramBytes);
  }

  /** The actions that do something in this game. */
  minimalActions(): number[] {
    return this.#list(this.#loaded.minimal_actions());
  }

  /** All 18 actions. */
  legalActions(): number[] {
    return this.#list(this.#loaded.legal_actions());
  }

  /** Names of the minimal actions, such as 'FIRE'. */
  actionMeanings(): string[] {
    return this.minimalActions().map((action) => actionNames[action] ?? `ACTION_${action}`);
  }

  availableModes(): number[] {
    return this.#list(this.#loaded.available_modes());
  }

  get mode(): number {
    return this.#loaded.mode();
  }

  /** Sets one of `availableModes`; counts from the next `resetGame` on. */
  setMode(mode: number): void {
    this.#loaded.set_mode(checkOneOf('mode', mode, this.availableModes(), this.#game));
  }

  availableDifficulties(): number[] {
    return this.#list(this.#loaded.available_difficulties());
  }

  get difficulty(): number {
    return this.#loaded.difficulty();
  }

  /** Sets one of `availableDifficulties`; counts at once. */
  setDifficulty(difficulty: number): void {
    this.#loaded.set_difficulty(checkOneOf('difficulty', difficulty, this.availableDifficulties(), this.#game));
  }

  /**
   * The whole state, as some 10 kB of versioned bytes: after `restoreState`, here or in another emulator with the same
   * cartridge, everything goes on as it would have from here, settings and pending sticky action included. Of what is
   * seen, `observation` alone is not part of it.
   */
  saveState(): Uint8Array {
    const wasm = this.#loaded;
    const problem = this.#message(wasm.save_snapshot());
    if (problem !== undefined) throw new AleError(`a state that no snapshot can hold (${problem}); call resetGame`);
    const length = wasm.snapshot_length();
    const fields = this.#bytes(wasm.snapshot_buffer(length), length);
    return sealSnapshot(fields, this.#md5, this.#module.version);
  }

  /**
   * Takes up the state that `saveState` gave.
   * @throws {AleError} if the bytes are foreign or damaged, or another game is loaded; the running game then goes on
   */
  restoreState(snapshot: Uint8Array): void {
    const wasm = this.#loaded;
    const loaded = { md5: this.#md5, version: this.#module.version };
    const fields = openSnapshot(snapshot, loaded, (md5) => this.#module.gameOf(md5));
    const buffer = wasm.snapshot_buffer(fields.length);
    this.#bytes(buffer, fields.length).set(fields);
    const problem = this.#message(wasm.restore_snapshot());
    if (problem !== undefined) throw new AleError(`a damaged snapshot (${problem} is out of range); take another`);
  }

  /** Lets its memory go. May be called twice. */
  close(): void {
    this.#instance = undefined;
    this.#game = undefined;
    this.#observation = new Uint8Array();
  }

  /** ALE's functions, while they may be called. */
  get #exports(): AleExports {
    const ended = this.#ended();
    if (ended !== undefined) throw new AleError(`this emulator ended (${ended}); create another`);
    if (!this.#instance) throw new AleError('this emulator was closed; create another');
    return this.#instance.exports;
  }

  /** The same, for what needs a ROM. */
  get #loaded(): AleExports {
    const wasm = this.#exports;
    if (this.#game === undefined) throw new AleError('no ROM is loaded; call loadRom first');
    return wasm;
  }

  #shapeObservation(wasm: AleExports, game: string): void {
    const { size, grayscale, maxPool } = this.#format;
    const [width, height] = size;
    const screen = [wasm.screen_width(), wasm.screen_height()] as const;
    if (width > screen[0] || height > screen[1]) {
      throw new AleError(`observation size ${size.join('x')}; at most the screen's, in ${game} ${screen.join('x')}`);
    }
    wasm.set_observation(width, height, Number(!grayscale), Number(maxPool));
    this.#observationBytes = width * height * (grayscale ? 1 : 3);
    this.#observation = new Uint8Array();
  }

  get #pixels(): number {
    return this.screenWidth * this.screenHeight;
  }

  #bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, pointer, length);
  }

  #text(pointer: number, length: number): string {
    return new TextDecoder().decode(this.#bytes(pointer, length));
  }

  /** A text that ends with a zero; undefined for a null pointer. */
  #message(pointer: number): string | undefined {
    if (pointer === 0) return undefined;
    const from = new Uint8Array(this.#exports.memory.buffer, pointer, 200);
    return new TextDecoder().decode(from.subarray(0, from.indexOf(0)));
  }

  #list(pointer: number): number[] {
    const { buffer } = this.#exports.memory;
    const length = new Uint32Array(buffer, pointer, 1)[0] ?? 0;
    return Array.from(new Uint32Array(buffer, pointer + 4, length));
  }
}

function checkInteger(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new AleError(`${name} ${value}; it is an integer from ${least} to ${most}`);
}

function checkShare(name: string, value: number): number {
  if (value >= 0 && value <= 1) return value;
  throw new AleError(`${name} ${value}; it is a number from 0 to 1`);
}

function checkAction(action: number): number {
  return checkInteger('action', action, 0, actionNames.length - 1);
}

function checkOneOf(name: string, value: number, allowed: number[], game: string | undefined): number {
  if (allowed.includes(value)) return value;
  throw new AleError(`${name} ${value}; ${game} has ${allowed.join(', ')}`);
}
