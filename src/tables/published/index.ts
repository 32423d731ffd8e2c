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
