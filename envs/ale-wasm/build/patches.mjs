// SPDX-License-Identifier: GPL-2.0-only
// What we change in ALE's source: one file per patch in patches/, which says why, and what it gains or what needs it;
// `npm run bench -- patches` measures that. An edit replaces the text `find`, or all from there up to the text `upTo`,
// or rewrites the file. A text must stand in the file exactly once; if not, the source is not the one these patches are
// for, and the build stops.
import nullDevice from './patches/null-device.mjs';
import phosphorPalette from './patches/phosphor-palette.mjs';
import postponedDrawing from './patches/postponed-drawing.mjs';
import previousScreen from './patches/previous-screen.mjs';
import registers from './patches/registers.mjs';
import scanline from './patches/scanline.mjs';
import waitLoops from './patches/wait-loops.mjs';

/**
 * @typedef {object} Patch
 * @property {string} why
 * @property {string} [gain] measured, over all else; missing where there is nothing to measure, because of:
 * @property {string} [needed] what does not work without the patch
 * @property {string} [after] the patch whose text this one edits: they are left out together
 * @property {{ file: string, find?: string, upTo?: string, replace?: string, rewrite?: Function }[]} edits
 */

/**
 * By name, in the order in which they are applied.
 * @type {Readonly<Record<string, Patch>>}
 */
export const patches = {
  'null-device': nullDevice,
  'phosphor-palette': phosphorPalette,
  'previous-screen': previousScreen,
  scanline,
  'postponed-drawing': postponedDrawing,
  registers,
  'wait-loops': waitLoops,
};

/**
 * Keeps the rows of Stella's table of cartridges that belong to `md5s`: compiling all 56,000 string literals takes
 * longer than everything else together. The order stays, because the table is searched by bisection.
 * @param {string} text of emucore/DefProps.hxx
 * @param {Set<string>} md5s
 */
export function keepCartridges(text, md5s) {
  const row = /^ {2}\{ "([0-9a-f]{32})",.*\n/gm;
  let kept = 0;
  let all = 0;
  const filtered = text.replace(row, (line, md5) => {
    all += 1;
    if (!md5s.has(md5)) return '';
    kept += 1;
    return line;
  });
  const size = `#define DEF_PROPS_SIZE ${all}\n`;
  if (kept === 0 || !filtered.includes(size)) throw new Error('patching ALE: emucore/DefProps.hxx is not as expected');
  return filtered.replace(size, `#define DEF_PROPS_SIZE ${kept}\n`);
}

/**
 * Applies the patches.
 * @param {(file: string) => string} read text of a file below `ale/`
 * @param {readonly string[]} [without] names of patches to leave out
 * @returns {Map<string, string>} new text by file
 */
export function patchSources(read, without = []) {
  const unknown = without.find((name) => !Object.hasOwn(patches, name));
  if (unknown !== undefined) {
    throw new Error(`unknown patch ${JSON.stringify(unknown)}; there are ${Object.keys(patches).join(', ')}`);
  }
  const texts = new Map();
  for (const [name, { edits }] of Object.entries(patches)) {
    if (without.includes(name)) continue;
    for (const edit of edits) {
      const text = texts.get(edit.file) ?? read(edit.file);
      texts.set(edit.file, edit.rewrite ? edit.rewrite(text, read) : replaceOnce(text, edit, name));
    }
  }
  return texts;
}

function replaceOnce(text, { file, find, upTo, replace }, name) {
  const [before, after, ...more] = text.split(find);
  const rest = upTo === undefined || after === undefined ? [after] : after.split(upTo);
  if (after === undefined || more.length > 0 || (upTo !== undefined && rest.length !== 2)) {
    throw new Error(`patching ALE: ${file} is not as expected by ${name}`);
  }
  return upTo === undefined ? before + replace + after : before + replace + upTo + rest[1];
}
