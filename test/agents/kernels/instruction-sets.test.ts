// Each process uses one instruction set and one number of threads; so others are tried in processes of their own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

function run(file: string, args: string[], env: Record<string, string> = {}): string {
  const path = fileURLToPath(new URL(file, import.meta.url));
  // A test process that inherits NODE_TEST_CONTEXT would report to its parent's reporter, not by its exit code.
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  const options = { encoding: 'utf8' as const, env: { ...inherited, ...env } };
  const result = spawnSync(process.execPath, ['--import', 'tsx', path, ...args], options);
  assert.equal(result.status, 0, `${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

const bits = (threads: number, env?: Record<string, string>): string => run('bits.ts', [String(threads)], env);
const setOf = (output: string): string | undefined => output.split(' ')[0];

// The processor's own set is what the other tests run.
const sets = ['baseline', 'avx2', 'avx512', 'avx512bf16'];
const narrower = sets.slice(0, sets.indexOf(setOf(bits(1)) as string));

for (const set of ['avx512', 'avx2', 'baseline'])
  test(
    `native operations equal portable ones and the oracles with ${set} instructions`,
    { skip: !narrower.includes(set) && "the processor's own are not wider" },
    () => {
      const env = { RIM_AGENTS_INSTRUCTION_SET: set };
      assert.equal(setOf(bits(1, env)), set);
      run('native.test.ts', [], env);
      run('rim-oracle.test.ts', [], env);
      run('clip-adam.test.ts', [], env);
      run('layers-oracle.test.ts', [], env);
      run('bf16.test.ts', [], env);
    },
  );

test('an instruction set that there is not is refused by name', () => {
  const path = fileURLToPath(new URL('bits.ts', import.meta.url));
  const env = { ...process.env, RIM_AGENTS_INSTRUCTION_SET: 'AVX2' };
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', path, '1'], { encoding: 'utf8', env });
  assert.notEqual(status, 0);
  assert.match(stderr, /RIM_AGENTS_INSTRUCTION_SET=AVX2: .* take baseline, avx2, avx512 or avx512bf16/);
});

test('the RIM, the LSTM, convolutions and Adam give the same bits with 1, 2 and 5 threads', () => {
  const [one, two, five] = [bits(1), bits(2), bits(5)];
  assert.match(one, /^\w+ [0-9a-f]{64}\n$/);
  assert.equal(two, one);
  assert.equal(five, one);
});
