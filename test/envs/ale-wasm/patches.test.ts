// Patches of ALE's source are loud: a source that they were not written for stops the build.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepCartridges, patchSources } from '../../../envs/ale-wasm/build/patches.mjs';

const md5 = (digit: string) => digit.repeat(32);
const row = (digit: string) => `  { "${md5(digit)}", "", "Name, \\"quoted\\"", "" },\n`;
const table = (rows: string[], size = rows.length) =>
  `#define DEF_PROPS_SIZE ${size}\n\nDefProps = {\n${rows.join('')}};\n`;

test('the table of cartridges keeps the wanted rows, in their order, and its size', () => {
  const kept = keepCartridges(table(['a', 'b', 'c', 'd'].map(row)), new Set([md5('d'), md5('b')]));
  assert.equal(kept, table(['b', 'd'].map(row)));
});

test('a table that is not as expected stops the build', () => {
  assert.throws(() => keepCartridges('no table', new Set([md5('a')])), /DefProps\.hxx is not as expected/);
  assert.throws(() => keepCartridges(table([row('a')]), new Set([md5('b')])), /not as expected/);
  assert.throws(() => keepCartridges(table([row('a'), row('b')], 3), new Set([md5('b')])), /not as expected/);
});

test('a source without the text to replace, or with it twice, stops the build', () => {
  assert.throws(() => patchSources(() => 'another version'), /patching ALE: .* is not as expected by null-device/);
  const twice = '};\n#endif\n\n}  // namespace stella\n}  // namespace ale\n'.repeat(2);
  assert.throws(() => patchSources(() => twice), /NullDev\.hxx is not as expected/);
});

test('a patch is left out by its name', () => {
  assert.throws(() => patchSources(() => 'another version', ['null-device']), /not as expected by phosphor-palette/);
  assert.throws(() => patchSources(() => '', ['scan-line']), /unknown patch "scan-line"; there are null-device, .*/);
});
