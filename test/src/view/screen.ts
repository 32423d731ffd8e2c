/** A small terminal: it understands what a live view may write, and refuses all else. */
export class Screen {
  readonly isTTY = true;
  columns: number;
  rows: number;
  cursorHidden = false;
  /** Every text that was written in one call. */
  readonly writes: string[] = [];
  #lines: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns = 80, rows = 24) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): void {
    this.writes.push(text);

    for (const [piece] of text.matchAll(/\u001b\[([?\d;]*)([A-Za-z])|\n|\r|[^\u001b\n\r]+/g)) this.#take(piece);
  }

  /** What is seen, without blanks at the ends of lines and without empty lines at the end. */
  get text(): string {
    return this.#lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  #take(piece: string): void {
    const [, argument = '', command] = /^\u001b\[([?\d;]*)([A-Za-z])$/.exec(piece) ?? [];
    const line = this.#lines[this.#row] ?? '';
    if (piece === '\r') this.#column = 0;
    else if (piece === '\n') {
      this.#row += 1;
      this.#column = 0;
      if (this.#row === this.#lines.length) this.#lines.push('');
    } else if (command === undefined) {
      // Longer lines wrap in a terminal; here they are a fault.
      if (this.#column + piece.length > this.columns)
        throw new Error(`line longer than ${this.columns}: ${line}${piece}`);
      this.#lines[this.#row] =
        line.padEnd(this.#column).slice(0, this.#column) + piece + line.slice(this.#column + piece.length);
      this.#column += piece.length;
    } else if (command === 'A') {
      this.#row -= Number(argument);
      if (this.#row < 0 || this.#lines.length - 1 - this.#row >= this.rows)
        throw new Error('cursor moved off the screen');
    } else if (command === 'K') this.#lines[this.#row] = line.slice(0, this.#column);
    else if (command === 'J') {
      this.#lines = this.#lines.slice(0, this.#row + 1);
      this.#lines[this.#row] = line.slice(0, this.#column);
    } else if (argument === '?25') this.cursorHidden = command === 'l';
    else if (argument !== '?2026' && command !== 'm') throw new Error(`unknown sequence ${JSON.stringify(piece)}`);
  }
}
