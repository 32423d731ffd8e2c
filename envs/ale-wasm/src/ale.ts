// SPDX-License-Identifier: GPL-2.0-only
import { actionNames } from './actions.ts';
import { checkAction, checkBytes, checkFlag, checkInteger, checkOneOf, checkReal } from './check.ts';
import { Emulator } from './emulator.ts';
import { AleError } from './error.ts';
import { checkFormat, fits, observationBytes, type ObservationFormat, usualFormat } from './observation.ts';
import { readObserved, writeObserved } from './observed.ts';
import { openSnapshot, sealSnapshot } from './snapshot.ts';

const smallestInt = -(2 ** 31);
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
export class Ale extends Emulator {
  /** Of the observation, from the next `loadRom` on and now. */
  #nextFormat = usualFormat;
  #format = usualFormat;
  #observation = new Uint8Array();
  /** Of the last agent step, where that was not one of this instance's. */
  #restoredFrames: number | undefined;

  /** Seeds the sticky actions' generator: an integer from 0 to 2^32 - 2; 0 unless set. */
  setSeed(seed: number): void {
    this.setSetting('seed', checkInteger('seed', seed, 0, 2 ** 32 - 2));
  }

  /** Probability that a frame repeats the action before; 0.25 unless set. */
  setRepeatActionProbability(probability: number): void {
    this.setSetting('repeatActionProbability', checkReal('repeat action probability', probability, 0, 1));
  }

  /** Frames after which an episode is truncated; 0, as it is unless set, for never. */
  setMaxFramesPerEpisode(frames: number): void {
    this.setSetting('maxFramesPerEpisode', checkInteger('max frames per episode', frames, 0, largestInt));
  }

  /** Frames that one `act` emulates; 1 unless set. */
  setFrameSkip(frames: number): void {
    this.setSetting('frameSkip', checkInteger('frame skip', frames, 1, 1000));
  }

  /** Clips what `act` returns to this range of integers. */
  setRewardRange(least: number, most: number): void {
    checkInteger('least reward', least, smallestInt, largestInt);
    checkInteger('largest reward', most, least, largestInt);
    this.setSetting('rewardMin', least);
    this.setSetting('rewardMax', most);
  }

  /** Whether a lost life truncates the episode; false unless set. */
  setTruncateOnLossOfLife(truncate: boolean): void {
    this.setSetting('truncateOnLossOfLife', Number(checkFlag('truncation at a lost life', truncate)));
  }

  /** Whether `screen` blends each frame with the one before, as a television's phosphor does; false unless set. */
  setColorAveraging(average: boolean): void {
    this.setSetting('colorAveraging', Number(checkFlag('colour averaging', average)));
  }

  /** Whether `audio` holds the sound of the last `act`; false unless set. */
  setSound(sound: boolean): void {
    this.setSetting('sound', Number(checkFlag('sound', sound)));
  }

  /** How `observation` is made; what is left out is as usual. Counts from the next `loadRom` on. */
  setObservation(format: Partial<ObservationFormat>): void {
    this.#nextFormat = checkFormat(format);
  }

  /**
   * Puts a cartridge in: see {@link Emulator.insertRom}.
   * @throws {AleError} also if the screen is smaller than `setObservation` asked for; the game is then seen as usual
   */
  override insertRom(bytes: Uint8Array): void {
    super.insertRom(bytes);
    const { size } = this.#nextFormat;
    const screen = [this.screenWidth, this.screenHeight] as const;
    const tooLarge = !fits(size, screen);
    if (tooLarge) this.#nextFormat = usualFormat;
    this.#shapeObservation(this.#nextFormat);
    this.#restoredFrames = 0;
    if (!tooLarge) return;
    throw new AleError(`observation size ${size.join('x')}; at most the screen's, in ${this.game} ${screen.join('x')}`);
  }

  /** Emulates one frame. @returns the reward, unclipped. After game over nothing moves until `resetGame`. */
  act(action: number, strength = 1): number {
    return this.loaded.act(checkAction(action), checkReal('paddle strength', strength, 0, 1));
  }

  /**
   * Emulates `frameSkip` frames of one action, fewer where the game ends, and writes `observation`: gray of the last
   * two frames it emulated (of one, if it emulated no more), their maximum, area-averaged to 84x84, unless
   * `setObservation` said otherwise.
   * @returns the sum of the rewards, unclipped
   */
  agentStep(action: number, frameSkip: number, strength = 1): number {
    const wasm = this.loaded;
    checkAction(action);
    checkInteger('frame skip', frameSkip, 1, 1000);
    checkReal('paddle strength', strength, 0, 1);
    this.#restoredFrames = undefined;
    return wasm.agent_step(action, frameSkip, strength);
  }

  /** Frames that the last `agentStep` emulated: fewer than its skip where the game ended. */
  get agentStepFrames(): number {
    const wasm = this.loaded;
    return this.#restoredFrames ?? wasm.agent_step_frames();
  }

  /** Writes `observation` from the current screen alone: what an agent sees after a reset. */
  observeScreen(): void {
    this.loaded.observe_screen();
  }

  /** (height, width) bytes, (height, width, 3) of RGB, row by row: what `agentStep` or `observeScreen` saw. */
  get observation(): Uint8Array {
    const { memory } = this.loaded;
    if (this.#observation.buffer !== memory.buffer) {
      this.#observation = new Uint8Array(memory.buffer, this.loaded.observation(), observationBytes(this.#format));
    }
    return this.#observation;
  }

  /** Begins a new episode, in the mode and difficulty that were set last. */
  resetGame(): void {
    this.loaded.reset_game();
  }

  /** Whether the episode has ended, be it by the game's rules or by truncation. */
  get gameOver(): boolean {
    return this.loaded.game_over() !== 0;
  }

  /** Whether the episode has ended by the game's rules. */
  get gameTerminal(): boolean {
    return this.loaded.game_terminal() !== 0;
  }

  /** Whether the episode was cut at the maximal number of frames. */
  get gameTruncated(): boolean {
    return this.loaded.game_truncated() !== 0;
  }

  get lives(): number {
    return this.loaded.lives();
  }

  /** Frames since the ROM was loaded. */
  get frameNumber(): number {
    return this.loaded.frame_number();
  }

  /** Frames since the episode began. */
  get episodeFrameNumber(): number {
    return this.loaded.episode_frame_number();
  }

  /** Pixels per row: 160. */
  get screenWidth(): number {
    return this.loaded.screen_width();
  }

  /** Rows: 210 in most games, up to 250 in others. */
  get screenHeight(): number {
    return this.loaded.screen_height();
  }

  /** (height, width) palette indices, row by row. */
  get screen(): Uint8Array {
    return this.bytes(this.loaded.screen(), this.#pixels);
  }

  /** (height, width) gray, row by row: ALE's palette of grays. */
  screenGray(): Uint8Array {
    return this.bytes(this.loaded.screen_gray(), this.#pixels);
  }

  /** (height, width, 3) red, green and blue, row by row. */
  screenRgb(): Uint8Array {
    return this.bytes(this.loaded.screen_rgb(), 3 * this.#pixels);
  }

  /** The console's 128 bytes of RAM, to be read; `setRam` writes. */
  get ram(): Uint8Array {
    return this.bytes(this.loaded.ram(), ramBytes);
  }

  /** Writes one byte of the console's RAM. */
  setRam(index: number, value: number): void {
    this.loaded.set_ram(checkInteger('RAM index', index, 0, ramBytes - 1), checkInteger('RAM value', value, 0, 255));
  }

  /** 512 samples of 8 bits, of the last `act`, or zeros, where `setSound` was not called before `loadRom`. */
  get audio(): Uint8Array {
    return this.bytes(this.loaded.audio(), this.loaded.audio_length());
  }

  /** The actions that do something in this game. */
  minimalActions(): number[] {
    return this.list(this.loaded.minimal_actions());
  }

  /** All 18 actions. */
  legalActions(): number[] {
    return this.list(this.loaded.legal_actions());
  }

  /** Names of the minimal actions, such as 'FIRE'. */
  actionMeanings(): string[] {
    return this.minimalActions().map((action) => actionNames[action] ?? `ACTION_${action}`);
  }

  availableModes(): number[] {
    return this.list(this.loaded.available_modes());
  }

  get mode(): number {
    return this.loaded.mode();
  }

  /** Sets one of `availableModes`; counts from the next `resetGame` on. */
  setMode(mode: number): void {
    this.loaded.set_mode(checkOneOf('mode', mode, this.availableModes(), this.game));
  }

  availableDifficulties(): number[] {
    return this.list(this.loaded.available_difficulties());
  }

  get difficulty(): number {
    return this.loaded.difficulty();
  }

  /** Sets one of `availableDifficulties`; counts at once. */
  setDifficulty(difficulty: number): void {
    this.loaded.set_difficulty(checkOneOf('difficulty', difficulty, this.availableDifficulties(), this.game));
  }

  /**
   * The whole state, as some 17 kB of versioned bytes: after `restoreState`, here or in another emulator with the
   * cartridge, all goes on as it would have from here, with settings, pending sticky action and `observation`.
   */
  saveState(): Uint8Array {
    const wasm = this.loaded;
    const problem = this.text(wasm.save_snapshot());
    if (problem !== undefined) throw new AleError(`a state that no snapshot can hold (${problem}); call resetGame`);
    const length = wasm.snapshot_length();
    const fields = this.bytes(wasm.snapshot_buffer(length), length);
    const [format, nextFormat, frames] = [this.#format, this.#nextFormat, this.agentStepFrames];
    const observed = writeObserved({ format, nextFormat, frames, observation: this.observation });
    return sealSnapshot({ fields, observed }, this.md5, this.module.version);
  }

  /**
   * Takes up the state that `saveState` gave.
   * @param options.keepRandom whether the sticky actions' generator goes on as it is, so that each of several restores
   * leads elsewhere
   * @throws {AleError} if the bytes are foreign or damaged, or another game is loaded; the running game then goes on
   */
  restoreState(snapshot: Uint8Array, options?: { keepRandom?: boolean }): void {
    const wasm = this.loaded;
    checkBytes('snapshot', snapshot);
    const keepRandom = checkFlag('keepRandom', options?.keepRandom ?? false);
    const loaded = { md5: this.md5, version: this.module.version };
    const { fields, observed } = openSnapshot(snapshot, loaded, (md5) => this.module.gameOf(md5));
    const { format, nextFormat, frames, observation } = readObserved(observed, this.screenWidth, this.screenHeight);
    const buffer = wasm.snapshot_buffer(fields.length);
    this.bytes(buffer, fields.length).set(fields);
    const problem = this.text(wasm.restore_snapshot(Number(keepRandom)));
    if (problem !== undefined) throw new AleError(`a damaged snapshot (${problem} is out of range); take another`);
    this.readSettings();
    this.#nextFormat = nextFormat;
    this.#restoredFrames = frames;
    this.#shapeObservation(format);
    this.observation.set(observation);
  }

  get #pixels(): number {
    return this.screenWidth * this.screenHeight;
  }

  /** Makes observations like this from now on. */
  #shapeObservation(format: ObservationFormat): void {
    const { size, grayscale, maxPool } = format;
    this.loaded.set_observation(...size, Number(!grayscale), Number(maxPool));
    this.#format = format;
    this.#observation = new Uint8Array();
  }
}
