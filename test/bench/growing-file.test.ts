import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { GrowingFile } from './growing-file.ts';

test('a growing file tells each completed line once', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-lines-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'metrics.jsonl');
  const file = new GrowingFile(path);
  assert.equal(file.newLines(), 0, 'no file yet');
  appendFileSync(path, '{"update":1}\n{"upd');
  assert.equal(file.newLines(), 1);
  appendFileSync(path, 'ate":2}\n{"update":3}\n');
  assert.equal(file.newLines(), 2);
  assert.equal(file.newLines(), 0);
});
