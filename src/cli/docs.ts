import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replaceFile } from '../runs/disk.ts';
import { command, runCommand } from './main.ts';
import { withSettings } from './settings-table.ts';

await runCommand(async () => {
  command('docs', 'Writes the table of settings from the code into docs/ppo.md.').parse();
  const page = fileURLToPath(new URL('../../docs/ppo.md', import.meta.url));
  replaceFile(page, [withSettings(readFileSync(page, 'utf8'))]);
});
