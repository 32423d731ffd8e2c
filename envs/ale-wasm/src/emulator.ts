// SPDX-License-Identifier: GPL-2.0-only
import { checkBytes } from './check.ts';
import { AleError } from './error.ts';
import { instantiate, type AleExports, type AleInstance } from './instance.ts';
import type { AleModule } from './module.ts';
import { settings, type Setting } from './settings.ts';

const largestRom = 512 * 1024;

/** One instance of ALE and its cartridge: what `Ale` stands on. */
export class Emulator {
  protected readonly module: AleModule;
  #instance: AleInstance | undefined;
  #game: string | undefined;
  #md5 = '';
  /** By place in `settings`: where an instance failed, its memory may tell anything. */
  #settings: number[] = [];

  /** Made by `AleModule.create`. */
  constructor(module: AleModule, instance: AleInstance) {
    this.module = module;
    this.#instance = instance;
    this.readSettings();
  }

  /**
   * Puts a cartridge in and begins its first episode. Mode and difficulty become the game's defaults. Where ALE itself
   * failed before, this begins anew, with the same settings.
   * @param rom a game by ALE's name, such as 'breakout', or the bytes of a cartridge that ALE supports
   * @throws {AleError} if the game is unknown, or the cartridge is damaged or not supported; the game before goes on
   */
  async loadRom(rom: string | Uint8Array): Promise<void> {
    const bytes = typeof rom === 'string' ? await this.module.rom(rom) : rom;
    if (this.#instance?.ended() !== undefined) await this.#beginAnew(this.#instance);
    this.insertRom(bytes);
  }

  /**
   * The same at once, for whoever has the cartridge's bytes and an emulator that did not fail.
   * @throws {AleError} if the cartridge is damaged or not supported; the game before goes on
   */
  insertRom(bytes: Uint8Array): void {
    const { game, md5 } = this.#lay(bytes);
    if (game === undefined) {
      throw new AleError(`a ROM with MD5 ${md5}, which ALE does not know; games() lists the games it supports`);
    }
    this.#game = undefined;
    this.exports.load_rom();
    this.#game = game;
    this.#md5 = md5;
  }

  /** The game whose cartridge these bytes are, by ALE's name; undefined if ALE does not know it. */
  supportedRom(bytes: Uint8Array): string | undefined {
    return this.#lay(bytes).game;
  }

  /** The loaded game, by ALE's name; undefined before `loadRom`. */
  get game(): string | undefined {
    return this.#instance?.ended() === undefined ? this.#game : undefined;
  }

  /** Lets its memory go. May be called twice. */
  close(): void {
    this.#instance = undefined;
    this.#game = undefined;
  }

  /** ALE's functions, while they may be called. */
  protected get exports(): AleExports {
    if (!this.#instance) throw new AleError('this emulator was closed; create another');
    const ended = this.#instance.ended();
    if (ended !== undefined) throw new AleError(`ALE gave up (${ended}); call loadRom to begin anew`);
    return this.#instance.exports;
  }

  /** The same, for what needs a ROM. */
  protected get loaded(): AleExports {
    const wasm = this.exports;
    if (this.#game === undefined) throw new AleError('no ROM is loaded; call loadRom first');
    return wasm;
  }

  /** MD5 of the loaded cartridge, in hexadecimal. */
  protected get md5(): string {
    return this.#md5;
  }

  protected setSetting(name: Setting, value: number): void {
    const place = settings.indexOf(name);
    this.exports.set_setting(place, value);
    this.#settings[place] = value;
  }

  /** Learns the settings from the instance. */
  protected readSettings(): void {
    this.#settings = settings.map((_, place) => this.exports.get_setting(place));
  }

  /** A view. */
  protected bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, pointer, length);
  }

  /** A text that ends with a zero; undefined for a null pointer. */
  protected text(pointer: number): string | undefined {
    if (pointer === 0) return undefined;
    const memory = new Uint8Array(this.exports.memory.buffer, pointer);
    return new TextDecoder().decode(memory.subarray(0, memory.indexOf(0)));
  }

  protected list(pointer: number): number[] {
    const { buffer } = this.exports.memory;
    const length = new Uint32Array(buffer, pointer, 1)[0] ?? 0;
    return Array.from(new Uint32Array(buffer, pointer + 4, length));
  }

  /** Lays a cartridge down where `load_rom` finds it. */
  #lay(bytes: Uint8Array): { game: string | undefined; md5: string } {
    const wasm = this.exports;
    const { length } = checkBytes('ROM', bytes);
    if (length === 0 || length > largestRom) {
      throw new AleError(`a ROM of ${length} bytes; ALE takes 1 to ${largestRom}`);
    }
    this.#instance?.layRom(bytes);
    const md5 = this.text(wasm.rom_md5()) ?? '';
    return { game: this.module.gameOf(md5), md5 };
  }

  async #beginAnew(failed: AleInstance): Promise<void> {
    this.#game = undefined;
    const next = await instantiate(this.module.share().module);
    this.#settings.forEach((value, place) => next.exports.set_setting(place, value));
    if (this.#instance === failed) this.#instance = next;
  }
}
