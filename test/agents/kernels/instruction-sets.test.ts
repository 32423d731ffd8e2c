// Each process uses one instruction set and one number of threads; so others are tried in processes of their own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

function run(file: string, args: string[], env: Record<string, string> = {}): string {
  const path = fileURLToPath(new URL(file, import.meta.url));
  // A test process that inherits NODE_TEST_CONTEXT would report to its parent's reporter instead of failing by its exit code.
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const options = { encoding: 'utf8' as const, env: { ...inherited, ...env } };
  const result = spawnSync(process.execPath, ['--import', 'tsx', path, ...args], options);
  assert.equal(result.status, 0, `${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

for (const set of ['avx2', 'baseline'])
  test(`native operations equal portable ones and the oracle with ${set} instructions`, () => {
    run('native.test.ts', [], { RIM_AGENTS_INSTRUCTION_SET: set });
    run('rim-oracle.test.ts', [], { RIM_AGENTS_INSTRUCTION_SET: set });
  });

test('the RIM, the LSTM, convolutions and Adam give the same bits with 1, 2 and 5 threads', () => {
  const [one, two, five] = ['1', '2', '5'].map((threads) => run('bits.ts', [threads]));
  assert.match(one as string, /^[0-9a-f]{64}\n$/);
  assert.equal(two, one);
  assert.equal(five, one);
});
