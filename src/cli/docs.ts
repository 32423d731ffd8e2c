import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ppoOptions } from '../ppo/config.ts';
import { replaceFile } from '../runs/disk.ts';
import { describeFlags } from './flags.ts';
import { runCommand } from './main.ts';

/** Writes what the tables in the code say into the pages of docs/, between their marks. */
await runCommand(async () => {
  const page = fileURLToPath(new URL('../../docs/ppo.md', import.meta.url));
  const rows = describeFlags(ppoOptions).map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );
  const table = ['| flag | default | range | what it does | source |', '|---|---|---|---|---|', ...rows].join('\n');
  const [before, after] = readFileSync(page, 'utf8').split(/(?<=<!-- settings -->\n)[^]*(?=<!-- \/settings -->)/);
  replaceFile(page, [`${before}\n${table}\n\n${after}`]);
});
