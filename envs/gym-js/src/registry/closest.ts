/**
 * The name that a mistyped one most likely meant: the one with most letters in common in the same order, at least three
 * of five as Gymnasium asks; undefined where none is near.
 */
export function closest(typed: string, names: readonly string[]): string | undefined {
  const likeness = (name: string): number =>
    (2 * commonLetters(typed.toLowerCase(), name.toLowerCase())) / (typed.length + name.length);
  const near = names.map((name) => ({ name, like: likeness(name) })).filter(({ like }) => like >= 0.6);
  return near.sort((a, b) => b.like - a.like)[0]?.name;
}

/** Length of the longest common subsequence. */
function commonLetters(a: string, b: string): number {
  let row = Array<number>(b.length + 1).fill(0);
  for (const letter of a) {
    const next = [0];
    for (let j = 1; j <= b.length; j++) {
      const same = letter === b[j - 1];
      next[j] = same ? (row[j - 1] ?? 0) + 1 : Math.max(row[j] ?? 0, next[j - 1] ?? 0);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
