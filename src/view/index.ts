import { LiveView, type LiveViewOptions } from './live-view.ts';
import { type Heading, type Progress, progressLines, progressText } from './progress.ts';
import { Speedometer } from './speedometer.ts';
import { duration, grouped, quoted, score } from '../text/words.ts';

/** Shows on screen how far a run is. */
export interface View {
  /** Call after each update; it draws as often as is useful. */
  update(progress: Progress): void;
  /** A line that stays, such as a saved checkpoint or a warning. */
  message(text: string): void;
  /** Draws the last progress and gives the cursor back. May be called twice. */
  close(): void;
  /**
   * Closes, and says where everything is and what to type next. `finished` is false after
   * an interruption, when the run can go on.
   */
  summary(ending: { readonly finished: boolean }): void;
}

interface ViewOptions extends Heading, LiveViewOptions {
  /** Agent steps made before, of a run that is resumed. */
  readonly agentStep?: number;
}

/** A live view where the stream is a terminal, else plain lines. NO_COLOR and TERM=dumb are honoured. */
export function createView(options: ViewOptions): View {
  const speedometer = new Speedometer();
  const view = new LiveView<{ progress: Progress; speed: number | null }>(
    {
      lines: ({ progress, speed }, width) => progressLines(options, progress, speed, width),
      text: ({ progress, speed }) => progressText(options, progress, speed),
    },
    options,
  );
  let latest: Progress | undefined;
  return {
    update(progress) {
      const { agentStep: done, seconds, stepsPerSecond } = progress;
      latest = progress;
      view.update({ progress, speed: speedometer.add({ done, seconds, speed: stepsPerSecond }) });
    },
    message: (text) => view.message(text),
    close: () => view.close(),
    summary: ({ finished }) => view.print(summaryLines(options, latest, finished)),
  };
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
