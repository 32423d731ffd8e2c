import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

test('a closed pool leaves nothing behind: neither threads nor memory', async () => {
  const script = fileURLToPath(new URL('./open-close.ts', import.meta.url));
  // 600 steps of two environments are 32 MiB of frames: eight pools that stay would be seen.
  const args = ['--expose-gc', '--import', 'tsx', script, '8', '600'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
  const resident = [...stdout.matchAll(/(\d+\.\d) MiB resident/g)].map(([, mib]) => Number(mib));
  assert.equal(resident.length, 8);
  assert.ok((resident.at(-1) ?? 0) - (resident[2] ?? 0) < 64, stdout);
  assert.match(stdout, /\nleft: nothing\n$/);
});
