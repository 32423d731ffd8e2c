// SPDX-License-Identifier: GPL-2.0-only
// The files that the compiler sees: ALE's C++ as patched, what its own build would generate, and our glue.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepCartridges, patchSources } from './patches.mjs';

const folders = ['', 'common', 'emucore', 'environment', 'games', 'games/supported'];
const isText = (name) => /\.(h|hpp|hxx|cpp|cxx|ins)$/.test(name);

const versionHeader = (version) => `#pragma once
#define ALE_VERSION "${version}"
#define ALE_VERSION_GIT_SHA "release"
`;

/** MD5 sums, in hexadecimal, of the cartridges that ALE has a reward function for. */
export function supportedCartridges(aleDir) {
  const folder = join(aleDir, 'games/supported');
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(/"([0-9a-f]{32})"/g)].map((match) => match[1])));
}

/**
 * @param {string} aleDir `src/ale` of ALE's source
 * @param {string} nativeDir our glue
 * @param {string} version of ALE
 * @param {readonly string[]} without names of patches to leave out
 * @returns {{ tree: object, list: (folder: string) => string[], native: string[] }} the tree as the compiler takes it,
 * and the sorted names in a folder of ALE's, and of our own .cc files
 */
export function sourceTree(aleDir, nativeDir, version, without) {
  const list = (folder) => readdirSync(join(aleDir, folder)).filter(isText).sort();
  const read = (file) => readFileSync(join(aleDir, file), 'utf8');
  const patched = patchSources(read, without);
  patched.set('emucore/DefProps.hxx', keepCartridges(read('emucore/DefProps.hxx'), supportedCartridges(aleDir)));

  const ale = { 'version.hpp': versionHeader(version) };
  for (const folder of folders) {
    let place = ale;
    for (const part of folder.split('/').filter(Boolean)) place = place[part] ??= {};
    for (const name of list(folder)) {
      const file = folder ? `${folder}/${name}` : name;
      place[name] = patched.get(file) ?? read(file);
    }
  }
  const ours = readdirSync(nativeDir).filter((name) => /\.(h|cc)$/.test(name));
  const native = Object.fromEntries(ours.map((name) => [name, readFileSync(join(nativeDir, name), 'utf8')]));
  return { tree: { source: { ale }, native }, list, native: ours.filter((name) => name.endsWith('.cc')).sort() };
}
