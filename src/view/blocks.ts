/*
 * What live views are made of: lines of styled pieces.
 */

/** A piece of a line in one style. A number as style is the colour of that module. */
export interface Span {
  readonly text: string;
  readonly style?: 'bold' | 'dim' | 'bar' | number;
}
export type Line = readonly Span[];

/** Characters of a bar: reached, and not yet. */
export const barCharacters = { full: '━', empty: '─' } as const;

const longestColumn = 12;

/** A named figure. */
export function fact(name: string, value: string): Span[] {
  return [
    { text: `${name} `, style: 'dim' },
    { text: value, style: 'bold' },
  ];
}

/** A bar over the whole width with its percentage. @param done 0 to 1 */
export function progressBar(done: number, width: number): Line {
  const percent = ` ${Math.floor(done * 100)} %`.padStart(6);
  return [...bar(done, Math.max(width - percent.length, 1), 'bar'), { text: percent }];
}

/** One bar per module; from 13 modules on in several columns. */
export function moduleLines(shares: readonly number[], width: number): Line[] {
  const columns = Math.ceil(shares.length / longestColumn);
  const rows = Math.ceil(shares.length / columns);
  const cell = Math.floor(width / columns);
  const number = `${shares.length - 1}`.length;
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => column * rows + row)
      .filter((module) => module < shares.length)
      .flatMap((module) => {
        const share = shares[module] ?? 0;
        const name = ` ${`${module}`.padStart(number)} `;
        const value = ` ${share.toFixed(2)}`;
        return [{ text: name }, ...bar(share, Math.max(cell - name.length - value.length, 1), module), { text: value }];
      }),
  );
}

function bar(part: number, width: number, style: 'bar' | number): Span[] {
  const full = Math.round(Math.min(Math.max(part, 0), 1) * width);
  return [
    { text: barCharacters.full.repeat(full), style },
    { text: barCharacters.empty.repeat(width - full), style: 'dim' },
  ];
}

/** A line that fits: one that the terminal had to wrap would shift all below it. */
export function cropped(line: Line, width: number): Line {
  let left = width;
  return line.map((span) => {
    const text = span.text.slice(0, left);
    left -= text.length;
    return { ...span, text };
  });
}
