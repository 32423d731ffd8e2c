import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

test('tests that were left out stand right above the summary, with the reason; the summary is last', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reporter-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'some.test.mjs');
  writeFileSync(
    file,
    `import { describe, test } from 'node:test';
    test('needs a browser', { skip: 'there is none' }, () => {});
    describe('a suite', () => test('of no use today', { skip: true }, () => {}));
    test('runs', () => {});`,
  );
  const reporter = `--test-reporter=${new URL('../../setup/reporter.mjs', import.meta.url).href}`;
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: '', FORCE_COLOR: '0' };
  const { stdout, status } = spawnSync(process.execPath, ['--test', reporter, file], { encoding: 'utf8', env });
  const lines = stdout.trimEnd().split('\n');
  const from = lines.findIndex((line) => line.startsWith('ℹ left out'));
  assert.deepEqual(
    lines.slice(from, from + 4),
    ['left out: needs a browser (there is none)', 'left out: of no use today', 'tests 3', 'suites 1'].map(
      (x) => `ℹ ${x}`,
    ),
  );
  assert.match(lines.at(-1) ?? '', /^ℹ duration_ms/);
  assert.equal(status, 0);
});
