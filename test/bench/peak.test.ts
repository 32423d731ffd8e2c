import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findCompiler } from '../../agents/kernels/native/build.mjs';

test("the processor's peak is measured in all threads, and needs no more than a compiler", () => {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-peak-'));
  try {
    const program = join(folder, 'peak');
    const source = fileURLToPath(new URL('peak.cc', import.meta.url));
    const flags = ['-std=c++17', '-O2', '-march=native', '-Wall', '-Wextra', '-Werror', '-pthread'];
    const compiled = spawnSync(findCompiler() as string, [...flags, source, '-o', program], { encoding: 'utf8' });
    assert.equal(compiled.status, 0, compiled.stderr);
    const { float32Gflops, bf16Gflops, threads } = JSON.parse(spawnSync(program, { encoding: 'utf8' }).stdout) as {
      float32Gflops: number;
      bf16Gflops: number | null;
      threads: number;
    };
    assert.ok(Number.isInteger(threads) && threads >= 1);
    assert.ok(float32Gflops > threads, `${float32Gflops}: any processor does one operation in a nanosecond`);
    assert.ok(bf16Gflops === null || bf16Gflops > threads);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
