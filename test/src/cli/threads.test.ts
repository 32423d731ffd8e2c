// TensorFlow takes its number of threads once per process; so each run is one.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../src/cli/ppo.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rim-agents-threads-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The weights of a short training on this many threads. */
function train(core: string, threads: number, ...flags: string[]): Buffer {
  const run = join(folder, [core, threads, ...flags].join());
  const small = ['--core', core, '--envs', '2', '--minibatches', '2', '--rollout', '16', '--steps', '64'];
  const args = ['--import', 'tsx', program, ...small, '--threads', String(threads), ...flags, '--run', run];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
  return readFileSync(join(run, 'agent/weights.safetensors'));
}

for (const [core, ...flags] of [
  ['rim'],
  ['rim', '--precision', 'bf16'],
  ['lstm'],
  ['lstm', '--precision', 'bf16'],
  ['gru'],
  ['ff'],
] as const)
  test(`a training of ${[core, ...flags].join(' ')} gives the same bytes with 1, 2 and 3 threads`, () => {
    const one = train(core, 1, ...flags);
    for (const threads of [2, 3])
      assert.equal(Buffer.compare(train(core, threads, ...flags), one), 0, `${threads} threads`);
  });

test("a run's config says which operations it used, and stages fill the time between two lines of metrics", () => {
  const flags = ['--kernels', 'portable'];
  train('rim', 1, ...flags);
  const read = (name: string): string => readFileSync(join(folder, ['rim', 1, ...flags].join(), name), 'utf8');
  const { versions } = JSON.parse(read('config.json')) as { versions: { kernels: string } };
  assert.equal(versions.kernels, 'portable');
  for (const line of read('metrics.jsonl').trim().split('\n')) {
    const { stages } = JSON.parse(line) as { stages: Record<string, number> };
    const sum = Object.values(stages).reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum - 1) < 0.01, `${sum}`);
  }
});
