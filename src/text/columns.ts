/**
 * Rows as lines whose columns stand one below the other.
 * @param isFigure columns that are aligned to the right; all others are to the left
 */
export function alignedRows(
  rows: readonly (readonly string[])[],
  isFigure: (column: number) => boolean = () => false,
): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (isFigure(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** Name and summary of each, in two columns, indented. */
export function summaryLines(items: readonly { readonly name: string; readonly summary: string }[]): string[] {
  return alignedRows(items.map(({ name, summary }) => [`  ${name}`, summary]));
}
