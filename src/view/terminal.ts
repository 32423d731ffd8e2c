import type { Line, Span } from './blocks.ts';
import { color } from './palette.ts';

/** The part of a terminal's stream that is drawn on. */
export interface Terminal {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
}

const escape = '\u001b[';
const hideCursor = `${escape}?25l`;
const showCursor = `${escape}?25h`;
/** Terminals that know these show what stands between them at once; the others ignore them. */
const [beginFrame, endFrame] = [`${escape}?2026h`, `${escape}?2026l`];
const [eraseToLineEnd, eraseBelow] = [`${escape}K`, `${escape}J`];

/**
 * Lines that are drawn again and again in the same place. A frame is written in one piece over the one
 * before, without clearing it first: nothing flickers. The cursor is hidden until {@link LiveLines.close}, or
 * until the process ends, however it does.
 */
export class LiveLines {
  readonly #terminal: Terminal;
  readonly #colors: boolean;
  /** Characters in each line of the last frame; empty before the first. */
  #lengths: number[] = [];
  #hidden = false;
  readonly #restore = (): void => {
    if (this.#hidden) this.#terminal.write(showCursor);
    this.#hidden = false;
  };

  constructor(terminal: Terminal, colors: boolean) {
    this.#terminal = terminal;
    this.#colors = colors;
  }

  /** Widest line that is not wrapped. */
  get width(): number {
    return Math.min(this.#terminal.columns || 80, 100);
  }

  draw(lines: readonly Line[]): void {
    // A frame as high as the screen would scroll its own top away.
    const shown = lines.slice(0, Math.max((this.#terminal.rows || 24) - 1, 1));
    const text = shown.map((line) => `${this.#styled(line)}${eraseToLineEnd}\n`).join('');
    this.#terminal.write(`${beginFrame}${this.#begin()}${this.#toTop()}${text}${eraseBelow}${endFrame}`);
    this.#lengths = shown.map((line) => line.reduce((length, { text }) => length + text.length, 0));
  }

  /** Puts a line above the frame, where it stays; the next frame follows below. */
  print(text: string): void {
    this.#terminal.write(`${this.#toTop()}${eraseBelow}${text}\n`);
    this.#lengths = [];
  }

  /** Leaves the last frame on the screen and gives the cursor back. */
  close(): void {
    this.#restore();
    process.off('exit', this.#restore);
  }

  #begin(): string {
    if (this.#hidden) return '';
    this.#hidden = true;
    process.on('exit', this.#restore);
    return hideCursor;
  }

  /** Moves to where the last frame begins. A terminal made narrower since has wrapped its lines. */
  #toTop(): string {
    const columns = this.#terminal.columns || 80;
    const rows = this.#lengths.reduce((sum, length) => sum + Math.max(1, Math.ceil(length / columns)), 0);
    return rows > 0 ? `\r${escape}${rows}A` : '';
  }

  #styled(line: Line): string {
    return line.map((span) => (this.#colors ? painted(span) : span.text)).join('');
  }
}

function painted({ text, style }: Span): string {
  if (style === undefined || text === '') return text;
  if (style === 'bold') return `${escape}1m${text}${escape}0m`;
  if (style === 'dim') return `${escape}2m${text}${escape}0m`;
  const hex = style === 'bar' ? color(4) : color(style);
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return `${escape}38;2;${red};${green};${blue}m${text}${escape}0m`;
}
