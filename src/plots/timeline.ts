import * as Plot from '@observablehq/plot';

/** Dark enough to be seen as a thin line. */
export const activeColor = '#1f3b57';
export const idleColor = '#eceff2';

/** A piece of a row, from step `from` to before step `to`. */
export interface Piece {
  readonly row: string;
  readonly from: number;
  readonly to: number;
  readonly fill: string;
  /** Stands in the middle of it. */
  readonly text?: string;
}

/** Names of the modules' rows. */
export function moduleRows(active: readonly (readonly number[])[]): string[] {
  return (active[0] ?? []).map((_, module) => `module ${module}`);
}

/**
 * Which modules were active, as pieces of rows: dark where they were.
 * @param active 1 where a module was active, one list per step
 */
export function modulePieces(active: readonly (readonly number[])[]): Piece[] {
  return moduleRows(active).flatMap((row, module) =>
    pieces(
      row,
      active.map((step) => (step[module] ? activeColor : idleColor)),
    ),
  );
}

/** A row whose steps have these colours: neighbours of one colour are one piece. */
export function pieces(row: string, fills: readonly string[]): Piece[] {
  const found: { row: string; from: number; to: number; fill: string }[] = [];
  for (const [step, fill] of fills.entries()) {
    const last = found.at(-1);
    if (last?.fill === fill) last.to = step + 1;
    else found.push({ row, from: step, to: step + 1, fill });
  }
  return found;
}

/** Rows of pieces over the steps `from` to before `to`; steps count from 1 on the axis. */
export function timeline(
  rows: readonly string[],
  all: readonly Piece[],
  [from, to]: readonly [number, number],
): Plot.PlotOptions {
  const shown = all
    .filter((piece) => piece.to > from && piece.from < to)
    .map((piece) => ({ ...piece, from: Math.max(piece.from, from), to: Math.min(piece.to, to) }));
  const texts = shown.flatMap((piece) =>
    piece.text === undefined ? [] : [{ ...piece, x: (piece.from + piece.to) / 2 }],
  );
  return {
    ...{ marginLeft: 74, marginRight: 22, marginTop: 4, marginBottom: 34 },
    x: { domain: [from, to], label: 'step', tickFormat: (step: number) => (Number.isInteger(step) ? `${step}` : '') },
    y: { domain: rows, label: null, padding: 0.12, tickSize: 0 },
    marks: [
      Plot.barX(shown, { y: 'row', x1: 'from', x2: 'to', fill: 'fill', shapeRendering: 'crispEdges' }),
      Plot.text(texts, { y: 'row', x: 'x', text: 'text', fill: 'white', fontSize: 11 }),
    ],
    color: { type: 'identity' },
  };
}
