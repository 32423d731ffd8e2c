import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { color } from '../view/palette.ts';
import { escaped, shortNumber } from '../text/words.ts';

/** Pixels. */
const width = 720;
const heights = { title: 26, legend: 20, margin: 10 };
/** Width of a character, a little generous: nothing measures text here. */
const characterWidth = 6.8;
const style = { fontFamily: 'DejaVu Sans, Verdana, Helvetica, sans-serif', fontSize: '12px', background: 'white' };
/** Points that a line is thinned to: more are not seen. */
const drawnPoints = 600;

export interface Chart {
  /** Stands above it; none for a chart that has a title of its own. */
  readonly name?: string;
  readonly options: Plot.PlotOptions;
}

/** A picture that is filled from top to bottom with titles, legends and charts. */
export class Sheet {
  readonly #parts: string[] = [];
  #y = heights.margin;

  title(text: string): void {
    this.#parts.push(`<text x="10" y="${this.#y + 16}" font-weight="bold">${escaped(text)}</text>`);
    this.#y += heights.title;
  }

  /** A line below a title. */
  note(text: string): void {
    this.#parts.push(`<text x="10" y="${this.#y + 10}">${escaped(text)}</text>`);
    this.#y += heights.legend;
  }

  /** Colours and names, in as many rows as the width asks for. */
  legend(names: readonly string[]): void {
    let x = 12;
    for (const [i, name] of names.entries()) {
      const wide = 30 + name.length * characterWidth;
      if (x > 12 && x + wide > width) [x, this.#y] = [12, this.#y + heights.legend];
      const square = `<rect x="${x}" y="${this.#y + 4}" width="10" height="10" fill="${color(i)}"/>`;
      this.#parts.push(`${square}<text x="${x + 15}" y="${this.#y + 13}">${escaped(name)}</text>`);
      x += wide;
    }
    this.#y += heights.legend;
  }

  /** Charts of one height, side by side in pairs if there are several and their names leave room for it. */
  charts(charts: readonly Chart[], height: number): void {
    const longest = Math.max(...charts.map(({ name }) => name?.length ?? 0));
    const columns = charts.length > 1 && 12 + longest * characterWidth <= width / 2 ? 2 : 1;
    for (let first = 0; first < charts.length; first += columns) {
      const row = charts.slice(first, first + columns);
      const named = row.some(({ name }) => name !== undefined);
      const top = this.#y + (named ? heights.legend : 0);
      for (const [i, { name, options }] of row.entries()) {
        const x = (i * width) / columns;
        if (name) this.#parts.push(`<text x="${x + 12}" y="${this.#y + 17}">${escaped(name)}</text>`);
        const svg = plotted({ width: width / columns, height, ...options });
        this.#parts.push(svg.replace('<svg ', `<svg x="${x}" y="${top}" `));
      }
      this.#y = top + height + heights.margin;
    }
  }

  toSvg(): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${this.#y}" viewBox="0 0 ${width} ${this.#y}"`,
      ` font-family="${style.fontFamily}" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n`,
      `${this.#parts.join('\n')}\n</svg>\n`,
    ].join('');
  }
}

function plotted(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<html><body></body></html>');
  const figure = Plot.plot({
    ...{ marginLeft: 60, marginRight: 30, marginTop: 30, marginBottom: 42 },
    style,
    document: document as unknown as Document,
    ...options,
  });
  return figure.outerHTML.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
}

/** An axis of agent steps from 0. */
export const stepAxis = { label: 'agent steps', ticks: 6, tickFormat: shortNumber, zero: true, nice: true } as const;

/** The line of run or module number `index`. */
export function line<T extends { readonly agentStep: number }>(
  points: readonly T[],
  y: (point: T) => number | undefined,
  index: number,
): Plot.Markish {
  return Plot.lineY(thinned(points), { x: 'agentStep', y, stroke: color(index), strokeWidth: 1.8 });
}

/** At most about {@link drawnPoints} of the points, evenly chosen, the last among them. */
function thinned<T>(points: readonly T[]): T[] {
  const stride = Math.max(1, Math.ceil(points.length / drawnPoints));
  return points.filter((_, i) => (points.length - 1 - i) % stride === 0);
}
