import { LiveLines, type Terminal } from './terminal.ts';
import type { Line } from './blocks.ts';

/** How something's progress is drawn. */
export interface Drawing<Progress> {
  /** In a terminal, as lines of at most `width` characters. */
  lines(progress: Progress, width: number): Line[];
  /** Elsewhere, in one line. */
  text(progress: Progress): string;
}

export interface LiveViewOptions {
  /** Where it is drawn; stdout unless a test says otherwise. */
  readonly stream?: Terminal & { readonly isTTY?: boolean };
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds, from any zero. */
  readonly now?: () => number;
}

/** Milliseconds between frames in a terminal, and between plain lines elsewhere. */
const [frameInterval, lineInterval] = [100, 30_000];

/** Shows on screen how far something is: live where the stream is a terminal, else in plain lines. */
export class LiveView<Progress> {
  readonly #drawing: Drawing<Progress>;
  readonly #stream: Terminal;
  readonly #lines: LiveLines | undefined;
  readonly #now: () => number;
  #latest: Progress | undefined;
  #drawn = -Infinity;
  #pending = false;

  /** NO_COLOR and TERM=dumb are honoured. */
  constructor(drawing: Drawing<Progress>, options: LiveViewOptions = {}) {
    const { stream = process.stdout, environment = process.env, now = () => performance.now() } = options;
    const isLive = stream.isTTY === true && environment['TERM'] !== 'dumb';
    this.#drawing = drawing;
    this.#stream = stream;
    this.#lines = isLive ? new LiveLines(stream, !environment['NO_COLOR']) : undefined;
    this.#now = now;
  }

  /** Takes the newest progress and draws as often as is useful. */
  update(progress: Progress): void {
    this.#latest = progress;
    this.#pending = true;
    if (this.#now() - this.#drawn >= (this.#lines ? frameInterval : lineInterval)) this.#draw();
  }

  /** A line that stays, such as a saved checkpoint or a warning. */
  message(text: string): void {
    if (!this.#lines) this.#stream.write(`${text}\n`);
    else {
      this.#lines.print(text);
      this.#draw();
    }
  }

  /** Draws the last progress and gives the cursor back. May be called twice. */
  close(): void {
    if (this.#pending) this.#draw();
    this.#lines?.close();
  }

  /** Lines below a closed view. */
  print(lines: readonly string[]): void {
    this.close();
    this.#stream.write(`${lines.join('\n')}\n`);
  }

  #draw(): void {
    if (this.#latest === undefined) return;
    if (this.#lines) this.#lines.draw(this.#drawing.lines(this.#latest, this.#lines.width));
    else this.#stream.write(`${this.#drawing.text(this.#latest)}\n`);
    this.#drawn = this.#now();
    this.#pending = false;
  }
}
