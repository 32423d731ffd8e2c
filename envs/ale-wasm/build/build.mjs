// SPDX-License-Identifier: GPL-2.0-only
// Compiles ALE's C++ source to ale.wasm and lays the ROMs and a manifest beside it.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Compilers } from './compilers.mjs';
import { sourceTree, supportedCartridges } from './source-tree.mjs';
import { compileFlags, linkFlags, translationUnits } from './units.mjs';

const buildDir = fileURLToPath(new URL('.', import.meta.url));
const nativeDir = fileURLToPath(new URL('../native/', import.meta.url));

const hash = (algorithm, bytes) => createHash(algorithm).update(bytes).digest('hex');

/**
 * Our own files that decide the product, sorted: what a cache's key must cover, beside ALE's source and the compiler.
 */
export function buildInputs() {
  const filesIn = (folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? filesIn(join(folder, entry.name)) : join(folder, entry.name),
    );
  return [buildDir, nativeDir].flatMap(filesIn).sort();
}

/**
 * Builds everything the package needs at run time.
 * @param {object} options
 * @param {string} options.sourceDir ALE's unpacked source distribution (`ale_py-0.12.1`)
 * @param {string} options.outDir a folder, made if it does not exist: gets `ale.wasm`, `roms/*.bin` and `ale.json`
 * @param {(done: number, total: number, name: string) => void} [options.onProgress] after each unit of work
 * @param {readonly string[]} [options.without] names of patches to leave out, to measure what they gain
 * @returns {Promise<void>} rejects with the compiler's first error, or if the source is not the version we patch
 */
export async function buildAle({ sourceDir, outDir, onProgress = () => {}, without = [] }) {
  const aleDir = join(sourceDir, 'src/ale');
  const version = readFileSync(join(sourceDir, 'version.txt'), 'utf8').trim();
  mkdirSync(join(outDir, 'roms'), { recursive: true });
  const wasm = await compileAle(aleDir, version, onProgress, without);
  writeFileSync(join(outDir, 'ale.wasm'), wasm);
  const games = copyRoms(aleDir, outDir);
  const manifest = { version, wasm: { file: 'ale.wasm', bytes: wasm.length, sha256: hash('sha256', wasm) }, games };
  writeFileSync(join(outDir, 'ale.json'), JSON.stringify(manifest, null, 2) + '\n');
}

async function compileAle(aleDir, version, onProgress, without) {
  const { tree, list, native } = sourceTree(aleDir, nativeDir, version, without);
  const units = translationUnits(list, native);
  const compilers = new Compilers(tree, units.length);
  let done = 0;
  const progress = (name) => onProgress(++done, units.length + 1, name);
  const compile = async ({ name, text }) => {
    const args = [...compileFlags, '-c', 'unit.cc', '-o', 'unit.o'];
    const object = await compilers.run({ name, args, files: { 'unit.cc': text }, output: 'unit.o' });
    progress(name);
    return object;
  };
  try {
    const objects = await Promise.all(units.map(compile));
    const files = Object.fromEntries(objects.map((object, i) => [`${i}.o`, object]));
    const args = [...linkFlags, ...Object.keys(files), '-o', 'ale.wasm'];
    const wasm = await compilers.run({ name: 'ale.wasm', args, files, output: 'ale.wasm' });
    progress('ale.wasm');
    return wasm;
  } finally {
    await compilers.close();
  }
}

/** Copies the ROMs that ALE can score, and says what they are. @returns {Record<string, object>} by game */
function copyRoms(aleDir, outDir) {
  const supported = supportedCartridges(aleDir);
  const romDir = join(aleDir, 'python/roms');
  const games = {};
  for (const name of readdirSync(romDir)
    .filter((file) => file.endsWith('.bin'))
    .sort()) {
    const bytes = readFileSync(join(romDir, name));
    const md5 = hash('md5', bytes);
    if (!supported.has(md5)) continue;
    writeFileSync(join(outDir, 'roms', name), bytes);
    games[name.replace(/\.bin$/, '')] = {
      file: `roms/${name}`,
      bytes: bytes.length,
      md5,
      sha256: hash('sha256', bytes),
    };
  }
  return games;
}
