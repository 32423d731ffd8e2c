// SPDX-License-Identifier: GPL-2.0-only
// What the build left: names, sizes and hashes. Nothing of it is used before it was compared with its hash.
import type * as FileSystem from 'node:fs/promises';
import { shown } from './check.ts';
import { AleError } from './error.ts';

/** A file of the build, below its folder. */
interface BuiltFile {
  readonly file: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** The cartridge of one game; ALE knows it by its MD5 sum. */
interface Rom extends BuiltFile {
  readonly md5: string;
}

export interface Manifest {
  /** Of ALE, such as '0.12.1'. */
  readonly version: string;
  readonly wasm: BuiltFile;
  /** By ALE's name of the game, such as 'space_invaders'. */
  readonly games: Readonly<Record<string, Rom>>;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isBuiltFile = (value: unknown): value is Record<string, unknown> =>
  isObject(value) &&
  typeof value.file === 'string' &&
  typeof value.bytes === 'number' &&
  typeof value.sha256 === 'string';

const isManifest = (value: unknown): value is Manifest =>
  isObject(value) &&
  typeof value.version === 'string' &&
  isBuiltFile(value.wasm) &&
  isObject(value.games) &&
  Object.values(value.games).every((rom) => isBuiltFile(rom) && typeof rom.md5 === 'string');

/**
 * The URL of a build's folder; in a browser `directory` may be relative to the page, or the worker's script.
 * @throws {AleError} if it is none
 */
export function directoryUrl(directory: string): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  try {
    if (typeof directory === 'string') return new URL(directory, base).href;
  } catch {
    // A relative one, and nothing that it would be relative to.
  }
  const mend = base === undefined ? "a URL, such as pathToFileURL('/folder/').href" : `a URL, or relative to ${base}`;
  throw new AleError(`directory ${shown(directory)}; it is ${mend}`);
}

const mend = (directory: string) => `remove ${directory} and build ale-wasm again`;

/** By name only, so that bundlers for browsers do not look for it. */
const fileSystem = 'node:fs/promises';

/** Reads a file below `directory`, a file: URL in Node or any URL that `fetch` takes. */
async function read(directory: string, file: string): Promise<Uint8Array> {
  try {
    const url = new URL(file, directory);
    if (url.protocol === 'file:') {
      const { readFile } = (await import(/* @vite-ignore */ fileSystem)) as typeof FileSystem;
      return await readFile(url);
    }
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const reason = (error as Error).message;
    throw new AleError(`cannot read ${directory}${file}: ${reason}; ${mend(directory)}`, { cause: error });
  }
}

/**
 * Reads and checks `ale.json`.
 * @throws {AleError} if it is missing or damaged
 */
export async function readManifest(directory: string): Promise<Manifest> {
  const text = new TextDecoder().decode(await read(directory, 'ale.json'));
  let cause: unknown;
  try {
    const manifest: unknown = JSON.parse(text);
    if (isManifest(manifest)) return manifest;
  } catch (error) {
    cause = error;
  }
  throw new AleError(`${directory}ale.json is damaged; ${mend(directory)}`, { cause });
}

/**
 * Reads one file of the build.
 * @throws {AleError} if it is missing, or its SHA-256 is not the manifest's
 */
export async function readBuiltFile(directory: string, { file, sha256 }: BuiltFile): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (!subtle) throw new AleError('ale-wasm needs crypto.subtle, which browsers give to pages from https or localhost');
  // A copy of its own: what is read from a file may be a window into a pool that others write to.
  const bytes = new Uint8Array(await read(directory, file));
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found === sha256) return bytes;
  throw new AleError(`${directory}${file} does not match its hash (${found.slice(0, 12)}…); ${mend(directory)}`);
}
