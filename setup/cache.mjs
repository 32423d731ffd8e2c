// @ts-check
// The user's cache folder. A product is a folder whose name holds a hash of all that made it; it is filled under a
// temporary name, described by product.json, and renamed when complete. So a folder under its own name was once whole.
import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
} from 'node:fs';
import { readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isAlive } from './lock.mjs';

/**
 * @typedef {object} Product
 * @property {string} name as 'ale'
 * @property {Record<string, string>} inputs all that decides the content: versions, hashes of sources, flags, platform
 * @property {string[]} [trees] folders inside that are too large to be looked at on
 * every start: compared as a whole when used
 */

/**
 * @typedef {object} Manifest what product.json holds
 * @property {string} name
 * @property {Record<string, string>} inputs
 * @property {string} made when, ISO 8601
 * @property {number} seconds it took
 * @property {Record<string, { bytes: number, mtimeMs: number, sha256: string }>} files by path; those in trees excepted
 * @property {Record<string, string>} trees hash over names and sizes, by path
 */

const manifestName = 'product.json';
const unfinished = 'unfinished';
const dayMs = 86_400_000;

/** RIM_AGENTS_CACHE, else XDG_CACHE_HOME/rim-agents, else ~/.cache/rim-agents. */
export function cacheFolder(env = process.env) {
  if (env.RIM_AGENTS_CACHE) return resolve(env.RIM_AGENTS_CACHE);
  // The XDG rules: a relative path is to be ignored.
  const base = env.XDG_CACHE_HOME?.startsWith(sep) ? env.XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(base, 'rim-agents');
}

/** @param {string | Uint8Array} content @returns {string} SHA-256, hexadecimal */
export function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/** @param {string} file @returns {Promise<string>} SHA-256, hexadecimal */
export async function sha256OfFile(file) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * @param {string} folder that the names are given relative to
 * @param {string[]} files absolute paths
 * @returns {string} one hash over names and contents
 */
export function sha256OfFiles(folder, files) {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const content = readFileSync(file);
    hash.update(`${relative(folder, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** @param {string} cache @param {Product} product @returns {string} where the product lies, or would lie */
export function productFolder(cache, { name, inputs }) {
  const sorted = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  return join(cache, `${name}-${sha256(JSON.stringify(sorted)).slice(0, 16)}`);
}

/** @param {string} folder @returns {Manifest | undefined} undefined where there is no readable product */
export function readManifest(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, manifestName), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * The check of every start: sizes and times of all files outside trees, contents only of those whose time changed.
 * @param {string} folder
 * @returns {string | undefined} what is wrong
 */
export function productProblem(folder) {
  const manifest = readManifest(folder);
  if (!manifest) return existsSync(folder) ? 'is damaged: its description is not readable' : 'is not there yet';
  for (const [path, expected] of Object.entries(manifest.files)) {
    const file = join(folder, path);
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (!found) return `is damaged: ${path} is gone`;
    if (found.size !== expected.bytes)
      return `is damaged: ${path} has ${found.size} bytes instead of ${expected.bytes}`;
    if (Math.abs(found.mtimeMs - expected.mtimeMs) < 1) continue;
    if (sha256(readFileSync(file)) !== expected.sha256)
      return `is damaged: ${path} has another content than when it was made`;
    restoreTime(file, expected.mtimeMs);
  }
  return undefined;
}

/**
 * Gives a file that a copy of the cache has dated anew its time back, lest every start read
 * it again; where it may not, that is all.
 * @param {string} file
 * @param {number} mtimeMs
 */
function restoreTime(file, mtimeMs) {
  try {
    utimesSync(file, mtimeMs / 1000, mtimeMs / 1000);
  } catch {
    return;
  }
}

/**
 * The thorough check: every byte of every file, names and sizes in trees.
 * @param {string} folder
 * @returns {Promise<string | undefined>} what is wrong
 */
export async function productProblemDeep(folder) {
  const problem = productProblem(folder) ?? treeProblem(folder);
  if (problem) return problem;
  for (const [path, { sha256: expected }] of Object.entries(readManifest(folder)?.files ?? {}))
    if ((await sha256OfFile(join(folder, path))) !== expected)
      return `is damaged: ${path} has another content than when it was made`;
  return undefined;
}

/** @param {string} folder @returns {string | undefined} what is wrong with the product's trees */
export function treeProblem(folder) {
  for (const [path, expected] of Object.entries(readManifest(folder)?.trees ?? {}))
    if (treeHash(join(folder, path)) !== expected) return `is damaged: files under ${path}/ are missing or changed`;
  return undefined;
}

/** @param {string} folder @returns {string} over names and sizes of all files below, without product.json */
function treeHash(folder) {
  const lines = filesBelow(folder).map((path) => `${path} ${lstatSync(join(folder, path)).size}`);
  return sha256(lines.join('\n'));
}

/** @param {string} folder @returns {string[]} paths relative to it, sorted; '/' between names; without product.json */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => path !== manifestName)
    .sort();
}

/** @param {string} folder or file @returns {number} bytes of all files in it */
export function folderBytes(folder) {
  if (!lstatSync(folder).isDirectory()) return lstatSync(folder).size;
  return filesBelow(folder).reduce((sum, path) => sum + lstatSync(join(folder, path)).size, 0);
}

/**
 * Makes a product: `fill` writes into an empty temporary folder, which gets its description and its name when all is
 * there. A damaged product of that name is replaced.
 * @param {string} cache
 * @param {Product} product
 * @param {(folder: string) => Promise<void>} fill
 * @returns {Promise<string>} the product's folder
 */
export async function makeProduct(cache, product, fill) {
  const folder = productFolder(cache, product);
  const started = performance.now();
  await makeFolder(folder, async (temporary) => {
    await fill(temporary);
    const trees = product.trees ?? [];
    const inTree = (/** @type {string} */ path) => trees.some((tree) => tree === '.' || path.startsWith(`${tree}/`));
    /** @type {Manifest} */
    const manifest = {
      name: product.name,
      inputs: product.inputs,
      made: new Date().toISOString(),
      seconds: Math.round((performance.now() - started) / 100) / 10,
      files: {},
      trees: Object.fromEntries(trees.map((tree) => [tree, treeHash(join(temporary, tree))])),
    };
    for (const path of filesBelow(temporary).filter((name) => !inTree(name))) {
      const file = join(temporary, path);
      flush(file);
      const { size: bytes, mtimeMs } = statSync(file);
      manifest.files[path] = { bytes, mtimeMs, sha256: await sha256OfFile(file) };
    }
    const file = join(temporary, manifestName);
    writeFileSync(file, `${JSON.stringify(manifest, null, 1)}\n`);
    flush(file);
  });
  return folder;
}

/**
 * Fills a folder under a temporary name beside it, then renames; what stood there before is replaced. Nothing stays
 * behind if `fill` fails or the process is interrupted.
 * @param {string} folder
 * @param {(temporary: string) => Promise<void>} fill
 */
export async function makeFolder(folder, fill) {
  await withTemporaryFolder(dirname(folder), async (temporary) => {
    await fill(temporary);
    const old = join(dirname(folder), temporaryName());
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(temporary, folder);
    rmSync(old, { recursive: true, force: true });
  });
}

/**
 * @param {string} parent made if it does not exist
 * @param {(temporary: string) => Promise<void>} work with a folder that is gone afterwards, whatever happens
 */
export async function withTemporaryFolder(parent, work) {
  const temporary = join(parent, temporaryName());
  const remove = () => rmSync(temporary, { recursive: true, force: true, maxRetries: 2 });
  process.once('exit', remove);
  try {
    mkdirSync(temporary, { recursive: true });
    await work(temporary);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function temporaryName() {
  return [unfinished, process.pid, randomBytes(4).toString('hex'), hostname()].join('-');
}

/**
 * Removes what set-ups that died have left behind.
 * @param {string} cache
 */
export function removeLeftovers(cache) {
  for (const name of readdirSync(cache)) {
    const [kind, pid, , ...host] = name.split('-');
    if (kind !== unfinished) continue;
    const folder = join(cache, name);
    // Another machine that shares the folder may still be at work; nobody is for a day.
    const dead = host.join('-') === hostname() ? !isAlive(Number(pid)) : Date.now() - statSync(folder).mtimeMs > dayMs;
    if (dead) rmSync(folder, { recursive: true, force: true });
  }
}

/** Hands a file's content to the disk. @param {string} file */
function flush(file) {
  const descriptor = openSync(file, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
