import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findCompiler, instructionSets } from '../../../agents/kernels/native/build.mjs';

const native = fileURLToPath(new URL('../../../agents/kernels/native', import.meta.url));
const sets = process.arch === 'x64' ? instructionSets.x64 : [];
const nm = process.env.NM ?? 'nm';
const hasNm = spawnSync(nm, ['--version']).status === 0;
const skip = sets.length < 2 || !hasNm ? 'one instruction set, or no nm' : false;

// The linker keeps one of several functions of the same name. One of a wide instruction set that narrow objects call
// would end the program on a processor without it. Nothing is inlined here, so that all such functions show.
test('code for one instruction set shares no function with that for another', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-objects-'));
  try {
    const { name: set, flags } = sets.at(-1) as { name: string; flags: string[] };
    const cores = readdirSync(native).filter((file) => file.endsWith('_core.cc'));
    for (const core of cores) {
      const object = join(folder, `${core}.o`);
      const options = ['-std=c++17', '-fPIC', '-O0', ...flags, `-DISA=${set}`];
      const compiled = spawnSync(findCompiler() as string, [...options, '-c', join(native, core), '-o', object], {
        encoding: 'utf8',
      });
      assert.equal(compiled.status, 0, compiled.stderr);
      const symbols = spawnSync(nm, [object], { encoding: 'utf8' }).stdout.split('\n');
      const shared = symbols.filter((line) => / [VWu] /.test(line) && !line.includes(set));
      assert.deepEqual(shared, [], core);
      assert.ok(symbols.some((line) => line.includes(set)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
