import { nameParts } from './run-names.ts';

/**
 * A table, whose first row is its heading, in Markdown.
 * @param words columns that are aligned to the left; all others hold figures
 */
export function markdownTable(
  [header = [], ...rows]: readonly (readonly string[])[],
  words: readonly number[] = [0],
): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map((_, i) => (words.includes(i) ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/**
 * A table of runs, a row each after the heading, for a terminal: there each run is a column, as it is narrow, with its
 * name in several lines.
 */
export function terminalTable([header = [], ...runs]: readonly (readonly string[])[]): string {
  const names = runs.map(([name = '']) => nameParts(name));
  const height = Math.max(...names.map(({ length }) => length));
  const columns = [
    [...Array.from({ length: height }, () => ''), ...header.slice(1)],
    ...runs.map((cells, i) => [
      ...Array.from({ length: height }, (_, row) => names[i]?.[row] ?? ''),
      ...cells.slice(1),
    ]),
  ];
  const widths = columns.map((column) => Math.max(...column.map(({ length }) => length)));
  const rows = Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
    columns.map((column, i) => (column[row] ?? '').padStart(widths[i] ?? 0)).join('  '),
  );
  return rows.map((row) => row.trimEnd()).join('\n');
}
