import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { patches } from '../../../envs/ale-wasm/build/patches.mjs';
import { readMeasured } from '../page.ts';
import { builds, gainText, type PatchesMeasured, patchesSchema, patchesText, withPatches } from './patches-report.ts';

/** Frames/s of two games with all patches: 120 and 240. Without registers and wait-loops 40 each, and so on. */
const framesPerSecond: Readonly<Record<string, readonly [number, number]>> = {
  '': [120, 240],
  'registers,wait-loops': [40, 40],
  'wait-loops': [100, 160],
};
const measured: PatchesMeasured = {
  kind: 'patches',
  date: '2026-01-31',
  command: 'npm run bench -- patches --json',
  machine: { processor: 'Some CPU', cores: 2 },
  versions: { node: '20.0.0' },
  frames: 12000,
  builds: builds.map(({ without }) => {
    const [pong, qbert] = framesPerSecond[without.join()] ?? [120, 120];
    const creationSeconds = [without.includes('phosphor-palette') ? 0.3 : 0.01];
    return {
      without: [...without],
      games: [
        { game: 'pong', framesPerSecond: [pong], creationSeconds },
        { game: 'qbert', framesPerSecond: [qbert], creationSeconds },
      ],
    };
  }),
};

test('a patch is compared with the build without it, both without those that edit what it wrote', () => {
  const without = builds.map((build) => build.without.join());
  assert.equal(without[0], '');
  assert.ok(without.includes('registers,wait-loops') && !without.includes('registers'));
  assert.equal(gainText(measured, 'wait-loops'), 'frames/s x 1.34 (1.20 to 1.50 in 2 games)'); // root of 1.2 x 1.5
  assert.equal(gainText(measured, 'registers'), 'frames/s x 3.16 (2.50 to 4.00 in 2 games)'); // root of 10
});

test('a patch that makes emulators faster to create says that; one that is needed is not measured', () => {
  assert.equal(gainText(measured, 'phosphor-palette'), 'an emulator is made in 10 ms instead of 300 ms');
  assert.equal(gainText(measured, 'previous-screen'), undefined);
});

test('tables have all patches, on the screen and between the marks of a page', () => {
  assert.match(patchesText(measured), /^registers +3\.16 +3\.16 +2\.50 +4\.00$/m);
  const page = withPatches('before\n<!-- patches -->\nof another day\n<!-- /patches -->\nafter\n', measured);
  for (const name of Object.keys(patches)) assert.ok(page.includes(`\n| \`${name}\` | `), name);
  assert.match(page, /^before\n<!-- patches -->\n\n\| patch [^]*2026-01-31\.\n\n<!-- \/patches -->\nafter\n$/);
  assert.doesNotMatch(page, /of another day/);
});

test('patches and page state what was measured', (t) => {
  const docs = new URL('../../../docs/', import.meta.url);
  const file = fileURLToPath(new URL('benchmarks/patches.json', docs));
  if (!existsSync(file)) return t.skip('nothing measured yet');
  const found = patchesSchema.parse(readMeasured(file));
  for (const [name, { gain, needed }] of Object.entries(patches)) {
    assert.equal(gain, gainText(found, name), name);
    assert.equal(gain === undefined, needed !== undefined, name);
  }
  const page = readFileSync(new URL('environments-speed.md', docs), 'utf8');
  assert.equal(page, withPatches(page, found));
});
