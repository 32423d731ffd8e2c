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
function train(core: string, threads: number): Buffer {
  const run = join(folder, `${core}-${threads}`);
  const small = ['--core', core, '--envs', '2', '--minibatches', '2', '--rollout', '16', '--steps', '64'];
  const args = ['--import', 'tsx', program, ...small, '--threads', String(threads), '--run', run];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
  return readFileSync(join(run, 'agent/weights.safetensors'));
}

for (const core of ['rim', 'lstm', 'gru', 'ff'])
  test(`a training of ${core} gives the same bytes with 1, 2 and 3 threads`, () => {
    const one = train(core, 1);
    for (const threads of [2, 3]) assert.equal(Buffer.compare(train(core, threads), one), 0, `${threads} threads`);
  });
