import { suggestion } from '../../../envs/nearest-names.ts';
import { UserError } from '../../errors.ts';
import type { PaperTable } from '../paper-table.ts';
import { ballTables } from './balls.ts';
import { imageTables } from './images.ts';
import { addingTables, copyingTables } from './sequences.ts';
import { textTables } from './texts.ts';

/** All tables of the papers, in the order in which they are printed. */
export const paperTables: readonly PaperTable[] = [
  ...copyingTables,
  ...addingTables,
  ...imageTables,
  ...ballTables,
  ...textTables,
];

/**
 * @param task all tables without it
 * @throws UserError if there is none of the task
 */
export function tablesOf(task: string | undefined): readonly PaperTable[] {
  const found = paperTables.filter((table) => task === undefined || table.task === task);
  const names = [...new Set(paperTables.map((table) => table.task))];
  if (found.length === 0)
    throw new UserError(
      `there is nothing published of a task ${JSON.stringify(task)}; ` +
        suggestion(task ?? '', names, `there are ${names.join(', ')}`),
    );
  return found;
}
