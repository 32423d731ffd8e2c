import { type Heading, type Progress, progressLines, progressText, Speedometer } from './progress.ts';
import { LiveLines, type Terminal } from './terminal.ts';
import { duration, grouped, quoted, score } from './words.ts';

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

interface ViewOptions extends Heading {
  /** Agent steps made before, of a run that is resumed. */
  readonly agentStep?: number;
  /** Where it is drawn; stdout unless a test says otherwise. */
  readonly stream?: Terminal & { readonly isTTY?: boolean };
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds, from any zero. */
  readonly now?: () => number;
}

/** Milliseconds between frames in a terminal, and between plain lines elsewhere. */
const [frameInterval, lineInterval] = [100, 30_000];

/** A live view where the stream is a terminal, else plain lines. NO_COLOR and TERM=dumb are honoured. */
export function createView(options: ViewOptions): View {
  const { stream = process.stdout, environment = process.env, now = () => performance.now() } = options;
  const live = stream.isTTY === true && environment['TERM'] !== 'dumb';
  const lines = live ? new LiveLines(stream, !environment['NO_COLOR']) : undefined;
  const speedometer = new Speedometer();
  let latest: { progress: Progress; speed: number | null } | undefined;
  let drawn = -Infinity;
  let pending = false;

  const draw = (): void => {
    if (!latest) return;
    const { progress, speed } = latest;
    if (lines) lines.draw(progressLines(options, progress, speed, lines.width));
    else stream.write(`${progressText(options, progress, speed)}\n`);
    drawn = now();
    pending = false;
  };
  const view: View = {
    update(progress) {
      latest = { progress, speed: speedometer.add(progress) };
      pending = true;
      if (now() - drawn >= (lines ? frameInterval : lineInterval)) draw();
    },
    message(text) {
      if (!lines) stream.write(`${text}\n`);
      else {
        lines.print(text);
        draw();
      }
    },
    close() {
      if (pending) draw();
      lines?.close();
    },
    summary({ finished }) {
      view.close();
      stream.write(`${summaryLines(options, latest?.progress, finished).join('\n')}\n`);
    },
  };
  return view;
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
