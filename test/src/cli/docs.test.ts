import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { betweenMarks, replaceBetweenMarks } from '../../../src/cli/marked-page.ts';
import { writtenPages } from '../../../src/cli/written-pages.ts';

for (const { path, mark, text } of writtenPages)
  test(`${relative('.', path)} has its tables as the code has them`, () => {
    assert.equal(readFileSync(path, 'utf8'), betweenMarks(path, mark, text()), 'npm run docs writes the tables anew');
  });

test('what stands between the marks is replaced, and a page without them refused', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-page-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'page.md');
  writeFileSync(path, 'a\n<!-- here -->\nold $1\n<!-- /here -->\nb\n');
  replaceBetweenMarks(path, 'here', 'new $1');
  const page = 'a\n<!-- here -->\n\nnew $1\n\n<!-- /here -->\nb\n';
  assert.equal(readFileSync(path, 'utf8'), page);
  assert.throws(() => replaceBetweenMarks(path, 'there', ''), {
    name: 'UserError',
    message: /has no marks <!-- there/,
  });
  assert.equal(readFileSync(path, 'utf8'), page);
});
