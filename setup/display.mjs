// @ts-check
// What the set-up shows: one line per step, redrawn in a terminal; elsewhere a line when a step begins,
// now and then while it goes on, and when it ends. All of it goes to the error stream: the output
// belongs to the command that runs afterwards.

const frameMs = 100;
const plainEveryMs = 15_000;
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const barWidth = 20;

/**
 * @typedef {object} Step
 * @property {string} label
 * @property {'waiting' | 'working' | 'done' | 'failed'} state
 * @property {string} text what is going on, or came out
 * @property {number | undefined} share done, from 0 to 1, where known
 * @property {number} started milliseconds on performance's clock
 * @property {number} ended
 * @property {number} told when it last printed a plain line
 */

/** Shows the steps of one set-up. */
export class Display {
  /** @type {Step[]} */ #steps = [];
  /** @type {NodeJS.Timeout | undefined} */ #timer;
  #drawn = 0;
  #frame = 0;
  #stream;
  #live;

  /** @param {NodeJS.WriteStream} stream */
  constructor(stream = process.stderr) {
    this.#stream = stream;
    this.#live = Boolean(stream.isTTY) && process.env.TERM !== 'dumb';
  }

  /** Adds a step that is yet to begin. @param {string} label @returns {StepDisplay} */
  step(label) {
    /** @type {Step} */
    const step = { label, state: 'waiting', text: 'waits', share: undefined, started: 0, ended: 0, told: 0 };
    this.#steps.push(step);
    return new StepDisplay(step, (important) => this.#changed(step, important));
  }

  /** A line above the steps. @param {string} text */
  message(text) {
    this.#erase();
    this.#stream.write(`${text}\n`);
    if (this.#timer) this.#draw();
  }

  /** Draws the last state and leaves it on the screen. */
  close() {
    clearInterval(this.#timer);
    if (this.#timer) {
      this.#erase();
      this.#draw();
    }
    this.#timer = undefined;
    this.#drawn = 0;
  }

  /** @param {Step} step @param {boolean} important */
  #changed(step, important) {
    if (this.#live) {
      this.#timer ??= setInterval(() => {
        this.#frame++;
        this.#erase();
        this.#draw();
      }, frameMs).unref();
      return;
    }
    const now = performance.now();
    if (!important && now - step.told < plainEveryMs) return;
    step.told = now;
    this.#stream.write(`${line(step, ' ', false)}\n`);
  }

  #erase() {
    if (this.#drawn > 0) this.#stream.write(`\x1b[${this.#drawn}A\x1b[0J`);
    this.#drawn = 0;
  }

  #draw() {
    const width = (this.#stream.columns ?? 80) - 1;
    const mark = spinner[this.#frame % spinner.length] ?? ' ';
    const lines = this.#steps.map((step) => line(step, mark, true).slice(0, width));
    this.#stream.write(lines.map((text) => `${text}\n`).join(''));
    this.#drawn = lines.length;
  }
}

/** One step, for whoever does it. */
export class StepDisplay {
  #step;
  #changed;

  /** @param {Step} step @param {(important: boolean) => void} changed */
  constructor(step, changed) {
    this.#step = step;
    this.#changed = changed;
  }

  /** @param {string} text as "downloading" */
  start(text) {
    const { state } = this.#step;
    if (state !== 'working') this.#step.started = performance.now();
    Object.assign(this.#step, { state: 'working', text, share: undefined });
    this.#changed(true);
  }

  /** @param {number} done @param {number} total @param {string} [text] replaces what start() said */
  progress(done, total, text = this.#step.text) {
    Object.assign(this.#step, { text, share: total > 0 ? Math.min(done / total, 1) : undefined });
    this.#changed(false);
  }

  /** @param {string} text what came out */
  done(text) {
    const now = performance.now();
    const started = this.#step.state === 'waiting' ? now : this.#step.started;
    Object.assign(this.#step, { state: 'done', text, share: undefined, started, ended: now });
    this.#changed(true);
  }

  /** Only a step that was at work can fail. */
  fail() {
    if (this.#step.state !== 'working') return;
    Object.assign(this.#step, { state: 'failed', ended: performance.now() });
    this.#changed(true);
  }
}

/** @param {Step} step @param {string} mark of a step at work @param {boolean} live @returns {string} */
function line({ label, state, text, share, started, ended }, mark, live) {
  const marks = { waiting: ' ', working: mark, done: '✔', failed: '✖' };
  const over = state === 'done' || state === 'failed';
  const seconds = ((over ? ended : performance.now()) - started) / 1000;
  const time =
    state === 'waiting' || (!live && !over && seconds < 1)
      ? ''
      : `  ${seconds.toFixed(seconds < 10 && over ? 1 : 0)} s`;
  const percent = share === undefined ? '' : ` ${live ? `${bar(share)} ` : ''}${Math.floor(share * 100)} %`;
  return `${marks[state]} ${label.padEnd(18)} ${text}${percent}${time}`;
}

/** @param {number} share */
function bar(share) {
  const full = Math.round(share * barWidth);
  return '█'.repeat(full) + '░'.repeat(barWidth - full);
}

/** @param {number} bytes @returns {string} as "274 MB" */
export function megabytes(bytes) {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
