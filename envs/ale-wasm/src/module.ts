// SPDX-License-Identifier: GPL-2.0-only
import { Ale } from './ale.ts';
import { checkObject, shown } from './check.ts';
import { AleError } from './error.ts';
import { instantiate } from './instance.ts';
import { directoryUrl, readBuiltFile, readManifest, type Manifest } from './manifest.ts';

/** ALE, compiled once for any number of emulators; what another thread needs of it can be posted there. */
export interface SharedAle {
  readonly module: WebAssembly.Module;
  readonly manifest: Manifest;
  /** URL of the build's folder, ending with a slash. */
  readonly directory: string;
}

export class AleModule {
  readonly #shared: SharedAle;
  readonly #roms = new Map<string, Promise<Uint8Array>>();

  private constructor(shared: SharedAle) {
    this.#shared = shared;
  }

  /** The module as another thread shared it: nothing is compiled again. */
  static fromShared(shared: SharedAle): AleModule {
    return new AleModule(shared);
  }

  /** What `fromShared` takes; goes through `postMessage` and `workerData`. */
  share(): SharedAle {
    return this.#shared;
  }

  /** Version of ALE, such as '0.12.1'. */
  get version(): string {
    return this.#shared.manifest.version;
  }

  /** A new emulator, without a ROM. Each has its own memory of 8 MB. */
  async create(): Promise<Ale> {
    return new Ale(this, await instantiate(this.#shared.module));
  }

  /**
   * The cartridge of a game.
   * @throws {AleError} if there is no such game, or its file does not match its hash
   */
  rom(game: string): Promise<Uint8Array> {
    const { manifest, directory } = this.#shared;
    const rom = typeof game === 'string' && Object.hasOwn(manifest.games, game) ? manifest.games[game] : undefined;
    if (!rom) {
      return Promise.reject(new AleError(`unknown game ${shown(game)}; games() lists those that ALE supports`));
    }
    let bytes = this.#roms.get(game);
    if (!bytes) {
      bytes = readBuiltFile(directory, rom);
      this.#roms.set(game, bytes);
      // A damaged file may be mended meanwhile: the next call is to read it again.
      bytes.catch(() => this.#roms.delete(game));
    }
    return bytes;
  }

  /** The game whose cartridge has this MD5 sum, if ALE supports it. */
  gameOf(md5: string): string | undefined {
    return Object.entries(this.#shared.manifest.games).find(([, rom]) => rom.md5 === md5)?.[0];
  }
}

/** Where the build lies; not written where it is used, because bundlers take such a URL for a file to copy. */
const built = '../dist/';

/**
 * Compiles ALE.
 * @param options.directory URL of the folder that the build filled, ending with a slash; in a browser it may be
 * relative to the page, such as '/ale/'; by default this package's `dist/`
 * @throws {AleError} if the build is missing or damaged
 */
export async function loadAle(options: { directory?: string } = {}): Promise<AleModule> {
  const { directory: given } = checkObject('options', options);
  const directory = directoryUrl(given ?? new URL(built, import.meta.url).href);
  const manifest = await readManifest(directory);
  const module = await WebAssembly.compile(await readBuiltFile(directory, manifest.wasm));
  return AleModule.fromShared({ module, manifest, directory });
}
