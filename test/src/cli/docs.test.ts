import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { withSettings } from '../../../src/cli/settings-table.ts';

test('docs/ppo.md lists the settings as the code has them', () => {
  const page = readFileSync(new URL('../../../docs/ppo.md', import.meta.url), 'utf8');
  assert.equal(page, withSettings(page), 'npm run docs writes the table anew');
});
