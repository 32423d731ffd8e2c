import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replaceFile } from '../runs/disk.ts';
import { command, runCommand } from './main.ts';
import { withSettings } from './settings-table.ts';
import { withTasks } from './task-table.ts';

await runCommand(async () => {
  command(
    'docs',
    'Writes the tables of settings and tasks from the code into docs/ppo.md and memory-tasks.md.',
  ).parse();
  for (const [name, filled] of Object.entries({ 'ppo.md': withSettings, 'memory-tasks.md': withTasks })) {
    const page = fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
    replaceFile(page, [filled(readFileSync(page, 'utf8'))]);
  }
});
