import { type FilledTable, settingsOfRow } from './filled-table.ts';

/** A table as JSON: each row with what makes a run belong to it, our lines with every seed's figures, the published. */
export function tableJson({ table, rows }: FilledTable): object {
  const { name, task, title, figures, columns, notes } = table;
  return {
    ...{ name, task, title, figures, notes, columns: columns.map((column) => column.name) },
    rows: rows.map(({ row, own, command }) => ({
      model: row.name,
      settings: settingsOfRow(table, row) ?? {},
      ours: own,
      published: row.published ?? null,
      command: command ?? null,
    })),
  };
}
