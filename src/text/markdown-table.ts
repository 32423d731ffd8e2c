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
