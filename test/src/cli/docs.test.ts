import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { withSettings } from '../../../src/cli/settings-table.ts';
import { withTasks } from '../../../src/cli/task-table.ts';

for (const [name, filled] of Object.entries({ 'ppo.md': withSettings, 'memory-tasks.md': withTasks })) {
  test(`docs/${name} has its table as the code has it`, () => {
    const page = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
    assert.equal(page, filled(page), 'npm run docs writes the table anew');
  });
}
