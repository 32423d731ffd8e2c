/** The end of an error about a name that is none of `names`: which ones may have been meant, or else what to do. */
export function suggestion(typed: string, names: readonly string[], otherwise: string): string {
  const near = nearestNames(typed, names).map((name) => `"${name}"`);
  return near.length > 0 ? `did you mean ${oneOf(near)}?` : otherwise;
}

function oneOf(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/**
 * The names that a mistyped one may have meant, nearest first: at most `limit`, of an edit distance of at most a third
 * of the typed letters, and none much further than the nearest. Names that begin as typed come first of all.
 */
export function nearestNames(typed: string, names: readonly string[], limit = 3): string[] {
  const wanted = typed.toLowerCase();
  const near = names
    .map((name) => ({ name, distance: distanceFrom(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.ceil(wanted.length / 3))
    .sort((a, b) => a.distance - b.distance);
  const furthest = (near[0]?.distance ?? 0) + 1;
  return near
    .filter(({ distance }) => distance <= furthest)
    .slice(0, limit)
    .map(({ name }) => name);
}

function distanceFrom(wanted: string, name: string): number {
  return wanted.length >= 3 && name.startsWith(wanted) ? 0 : editDistance(wanted, name);
}

/**
 * Fewest letters to insert, delete, replace or swap with their neighbour that turn `a` into `b` (optimal string
 * alignment: no letter is touched twice).
 */
export function editDistance(a: string, b: string): number {
  let twoBack: number[] = [];
  let back = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(back, j - 1) + Number(a[i - 1] !== b[j - 1]);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(twoBack, j - 2) + 1 : Infinity;
      row[j] = Math.min(replaced, swapped, at(back, j) + 1, at(row, j - 1) + 1);
    }
    twoBack = back;
    back = row;
  }
  return at(back, b.length);
}

/** Outside the table nothing can be reached. */
function at(row: readonly number[], j: number): number {
  return row[j] ?? Infinity;
}

/** The letters and digits of a name, all small: what two spellings of one name have in common. */
export function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
