import { alignedRows } from '../../text/columns.ts';
import { titleOf } from './sections.ts';
import { armTable, costTable, improvementTable } from './tables.ts';
import type { ComparisonReport } from './schema.ts';

/** The report for a screen: who is ahead, the tables, and what to bear in mind. */
export function screenText(report: ComparisonReport): string {
  const table = (rows: readonly (readonly string[])[], words: readonly number[]): string =>
    alignedRows(rows, (column) => !words.includes(column)).join('\n');
  const [arms, improvement, cost] = [armTable(report), improvementTable(report), costTable(report)];
  return [
    `${titleOf(report)}, ${report.measure}`,
    report.verdict.sentence,
    table(arms.rows, arms.words),
    'Probability that a run of the arm on the left has a higher score than one of the arm above\n' +
      table(improvement.rows, improvement.words),
    table(cost.rows, cost.words),
    report.notes.map((note) => `- ${note}`).join('\n'),
  ].join('\n\n');
}
