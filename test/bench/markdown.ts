/** A table of the docs: the first row is its head; the first `texts` columns stand to the left, others to the right. */
export function markdownTable([header = [], ...rows]: readonly (readonly string[])[], texts = 1): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const sides = header.map((_, column) => (column < texts ? '---' : '---:'));
  return [line(header), line(sides), ...rows.map(line)];
}
