import { LiveView, type LiveViewOptions } from './live-view.ts';
import { type Heading, type Progress, progressLines, progressText } from './progress.ts';
import { Speedometer } from './speedometer.ts';
import { duration, grouped, quoted, score } from '../text/words.ts';

interface ViewOptions extends Heading, LiveViewOptions {
  /** Agent steps made before, of a run that is resumed. */
  readonly agentStep?: number;
}

/** A live view of a run where the stream is a terminal, else plain lines. NO_COLOR and TERM=dumb are honoured. */
export class RunView {
  readonly #options: ViewOptions;
  readonly #view: LiveView<{ progress: Progress; speed: number | null }>;
  readonly #speedometer = new Speedometer();
  #latest: Progress | undefined;

  constructor(options: ViewOptions) {
    this.#options = options;
    this.#view = new LiveView(
      {
        lines: ({ progress, speed }, width) => progressLines(options, progress, speed, width),
        text: ({ progress, speed }) => progressText(options, progress, speed),
      },
      options,
    );
  }

  /** Call after each update; it draws as often as is useful. */
  update(progress: Progress): void {
    const { agentStep: done, seconds, stepsPerSecond } = progress;
    this.#latest = progress;
    this.#view.update({ progress, speed: this.#speedometer.add({ done, seconds, speed: stepsPerSecond }) });
  }

  /** A line that stays, such as a warning. */
  message(text: string): void {
    this.#view.message(text);
  }

  /** Draws the last progress and gives the cursor back. May be called twice. */
  close(): void {
    this.#view.close();
  }

  /**
   * Closes, and says where everything is and what to type next.
   * @param finished false after an interruption, when the run can go on
   */
  summary({ finished }: { readonly finished: boolean }): void {
    this.#view.print(summaryLines(this.#options, this.#latest, finished));
  }
}

function summaryLines(
  { path, totalSteps, agentStep: before = 0 }: ViewOptions,
  progress: Progress | undefined,
  finished: boolean,
): string[] {
  const { agentStep = before, seconds = 0, games = 0, meanScore = null } = progress ?? {};
  const steps = finished ? grouped(agentStep) : `${grouped(agentStep)} of ${grouped(totalSteps)}`;
  const next = finished
    ? `See what it learned:  npm run curve -- ${quoted(path)} --out curve.svg`
    : `Go on:  npm run ppo -- --resume ${quoted(path)}`;
  return [
    '',
    `${finished ? 'Done' : 'Stopped and saved'}: ${steps} agent steps in ${duration(seconds)}, ` +
      `${grouped(games)} games, mean score of the last 100 ${score(meanScore)}`,
    `Everything is in ${path}`,
    next,
  ];
}
