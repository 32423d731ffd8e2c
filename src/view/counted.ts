import { LiveLines, type Terminal } from './terminal.ts';
import { duration } from './words.ts';

/** Seconds between lines where stdout is no terminal. */
const interval = 10;

/** Progress of work that is counted: one line in a terminal, drawn anew; else a line now and then; or nothing. */
export class CountedProgress {
  readonly #what: string;
  readonly #total: number;
  readonly #write: (text: string) => void;
  readonly #live: LiveLines | undefined;
  readonly #startedAt = performance.now();
  #shownAt = this.#startedAt;
  #done = 0;

  /** @param what is counted, such as "games" */
  constructor(what: string, total: number, out: Terminal & { readonly isTTY?: boolean }) {
    this.#what = what;
    this.#total = total;
    this.#write = (text) => void out.write(text);
    this.#live = out.isTTY ? new LiveLines(out, false) : undefined;
  }

  /** One more is done. @param note stands at the end of the line */
  next(note = ''): void {
    this.#done += 1;
    const now = performance.now();
    if (this.#live ? now - this.#shownAt < 100 : now - this.#shownAt < interval * 1000) return;
    this.#shownAt = now;
    const passed = (now - this.#startedAt) / 1000;
    const left = (passed / this.#done) * (this.#total - this.#done);
    const text = `${this.#done} of ${this.#total} ${this.#what}, ${duration(left)} left${note && `, ${note}`}`;
    if (this.#live) this.#live.draw([[{ text }]]);
    else this.#write(`${text}\n`);
  }

  close(): void {
    if (this.#live) {
      this.#live.draw([]);
      this.#live.close();
    }
  }
}
