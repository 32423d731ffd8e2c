// SPDX-License-Identifier: GPL-2.0-only
// Which translation units the WASM module consists of, longest first so that the last worker does not wait for a late
// starter. A unit is one file's text that includes others: headers are then parsed once for many files.

/**
 * Flags of every unit. -O3 measured no faster than -O2; exceptions would need a runtime that wasi-libc++ does not have;
 * a snapshot reads what ALE's classes keep to themselves.
 */
export const compileFlags = [
  '-std=c++17',
  '-O2',
  '-DNDEBUG',
  '-msimd128',
  '-fignore-exceptions',
  '-fno-access-control',
  '-w',
  '-Isource',
  '-Inative',
];

/**
 * A reactor: a library of functions, without main. 1 MiB of stack at the bottom of memory, so that an overflow traps.
 */
export const linkFlags = [
  '-mexec-model=reactor',
  '-Wl,--strip-all',
  '-Wl,--stack-first',
  '-Wl,-z,stack-size=1048576',
  '-Wl,--initial-memory=8388608',
];

/** The parts of ALE that an embedding without SDL needs, beside emucore, environment and games. */
const common = [
  'ColourPalette.cpp',
  'Constants.cpp',
  'Log.cpp',
  'ScreenExporter.cpp',
  'SoundExporter.cpp',
  'SoundNull.cxx',
  'SoundRaw.cxx',
];

/** What runs in every emulated frame: one unit, so that the compiler sees through the calls between these files. */
const frame = ['System.cxx', 'M6532.cxx', 'TIA.cxx', 'TIASnd.cxx', 'M6502.cxx', 'M6502Low.cxx'];

/** What a file of ours includes, to see what it keeps to itself. */
const included = ['Random.cxx'];

const isSource = (name) => /\.(cpp|cxx)$/.test(name);
const unity = (name, paths) => ({ name, text: paths.map((path) => `#include "${path}"\n`).join('') });

/** Deals out `items` to `count` lists as evenly as cards. */
const deal = (items, count) => Array.from({ length: count }, (_, i) => items.filter((_, j) => j % count === i));

/**
 * The units for one source tree.
 * @param {(folder: string) => string[]} list names of the files in a folder below `ale/`, sorted
 * @param {string[]} native names of our own .cc files, sorted
 * @returns {{ name: string, text: string }[]}
 */
export function translationUnits(list, native) {
  const emucore = list('emucore').filter((name) => isSource(name) && !included.includes(name));
  const cartridges = emucore.filter((name) => /^Cart/.test(name));
  const core = emucore.filter((name) => !cartridges.includes(name) && !frame.includes(name));
  const games = list('games/supported').filter(isSource);
  const at = (folder, names) => names.map((name) => `ale/${folder}/${name}`);
  return [
    unity('frame', at('emucore', frame)),
    ...deal(games, 4).map((names, i) => unity(`games-${i}`, at('games/supported', names))),
    unity('rom-table', at('games', list('games').filter(isSource))),
    unity('core', at('emucore', core)),
    unity('environment', [
      ...at('environment', list('environment').filter(isSource)),
      'ale/ale_interface.cpp',
      ...at('common', common),
    ]),
    unity('cartridges', at('emucore', cartridges)),
    unity('native', native),
  ];
}
