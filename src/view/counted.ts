import { cropped } from './blocks.ts';
import { LiveView, type LiveViewOptions } from './live-view.ts';
import { duration } from '../text/words.ts';

/** Progress of work that is counted, in one line. */
export class CountedProgress {
  readonly #view: LiveView<string>;
  readonly #what: string;
  readonly #total: number;
  readonly #now: () => number;
  readonly #startedAt: number;
  #done = 0;

  /** @param what is counted, such as "games" */
  constructor(what: string, total: number, options: LiveViewOptions = {}) {
    const { now = () => performance.now() } = options;
    const drawing = {
      lines: (text: string, width: number) => [cropped([{ text }], width)],
      text: (text: string) => text,
    };
    this.#view = new LiveView(drawing, { ...options, now });
    this.#what = what;
    this.#total = total;
    this.#now = now;
    this.#startedAt = now();
  }

  /** One more is done. @param note stands at the end of the line */
  next(note = ''): void {
    this.#done += 1;
    const passed = (this.#now() - this.#startedAt) / 1000;
    const left = (passed / this.#done) * (this.#total - this.#done);
    const time = this.#done < this.#total ? `, about ${duration(left)} left` : ` in ${duration(passed)}`;
    this.#view.update(`${this.#done} of ${this.#total} ${this.#what}${time}${note && `, ${note}`}`);
  }

  /** Draws the last progress and gives the cursor back. */
  close(): void {
    this.#view.close();
  }
}
