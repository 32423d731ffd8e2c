import { ppoOptions } from '../ppo/config.ts';
import { describeFlags } from './flags.ts';

/** A page of the docs with all settings of a PPO run between its marks, as the table in the code has them. */
export function withSettings(page: string): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = describeFlags(ppoOptions).map((cells) => `| ${cells.map(cell).join(' | ')} |`);
  const table = ['| flag | default | range | what it does | source |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
  return page.replace(
    /(<!-- settings -->\n)[^]*(<!-- \/settings -->)/,
    (_, start, end) => `${start}\n${table}\n\n${end}`,
  );
}
