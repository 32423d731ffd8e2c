/** A table of the docs: the first row is its head, the first column stands to the left. */
export function markdownTable([header = [], ...rows]: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const sides = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [line(header), line(sides), ...rows.map(line)];
}
