import type { EvaluatedSet } from '../runs/task-lines.ts';
import type { TaskProgress } from '../tasks/progress.ts';
import { cropped, fact, type Line, moduleLines, progressBar } from './blocks.ts';
import { LiveView, type LiveViewOptions } from './live-view.ts';
import { Speedometer } from './speedometer.ts';
import { duration, grouped } from '../text/words.ts';

/** What stands at the head of a task's view and does not change. */
export interface TaskHeading {
  /** Such as "copying · rim · seed 1". */
  readonly title: string;
  /** The run folder. */
  readonly path: string;
  /** The figure that decides, such as "lastTen of validation". */
  readonly deciding: string;
}

/** A live view of a task's run where the stream is a terminal, else plain lines. */
export class TaskView {
  readonly #view: LiveView<{ progress: TaskProgress; speed: number | null }>;
  readonly #speedometer = new Speedometer();

  constructor(heading: TaskHeading, options: LiveViewOptions = {}) {
    this.#view = new LiveView(
      {
        lines: ({ progress, speed }, width) => taskLines(heading, progress, speed, width),
        text: ({ progress, speed }) => taskText(heading, progress, speed),
      },
      options,
    );
  }

  update(progress: TaskProgress): void {
    const { update: done, seconds, updatesPerSecond } = progress;
    const speed = this.#speedometer.add({ done, seconds, speed: updatesPerSecond || null });
    this.#view.update({ progress, speed });
  }

  message(text: string): void {
    this.#view.message(text);
  }

  /** Draws the last progress and gives the cursor back. May be called twice. */
  close(): void {
    this.#view.close();
  }

  /** Lines below the closed view. */
  print(lines: readonly string[]): void {
    this.#view.print(lines);
  }
}

function taskLines(
  { title, path, deciding }: TaskHeading,
  progress: TaskProgress,
  speed: number | null,
  width: number,
): Line[] {
  const { update, updates, epoch, seconds, loss, evaluation, best, sets } = progress;
  const left = speed ? duration((updates - update) / speed) : '–';
  const lines: Line[] = [
    [{ text: title, style: 'bold' }],
    progressBar(Math.min(update / updates, 1), width),
    [
      ...fact('updates', `${grouped(update)} of at most ${grouped(updates)}`),
      ...fact('   updates/s', speed === null ? '–' : speed.toFixed(2)),
      ...(epoch === undefined ? [] : fact('   epoch', epoch.toFixed(2))),
    ],
    [...fact('time left', left), ...fact('   so far', duration(seconds)), ...fact('   loss', figure(loss))],
    ...(sets ? [fact(sets.of, setsText(sets))] : []),
  ];
  if (evaluation) {
    lines.push([], [{ text: `evaluated after update ${grouped(evaluation.update)}`, style: 'dim' }]);
    for (const [set, evaluated] of Object.entries(evaluation.sets)) lines.push(setLine(set, evaluated));
    if (best) lines.push(fact(`best ${deciding}`, `${figure(best.value)}, after update ${grouped(best.update)}`));
    const [first] = Object.values(evaluation.sets);
    if (first?.activation && 'shares' in first.activation)
      lines.push(
        [],
        [{ text: 'share of steps in which each module was active', style: 'dim' }],
        ...moduleLines(first.activation.shares, width),
      );
  }
  lines.push([], [{ text: path, style: 'dim' }]);
  return lines.map((line) => cropped(line, width));
}

function setLine(set: string, { metrics }: EvaluatedSet): Line {
  return [
    { text: `${set}  ` },
    ...numbers(metrics).flatMap(([name, value], i) => fact(`${i > 0 ? '   ' : ''}${name}`, figure(value))),
  ];
}

/** The same in one line without style, for output that is no terminal. */
function taskText({ deciding }: TaskHeading, progress: TaskProgress, speed: number | null): string {
  const { update, updates, loss, evaluation, best, sets } = progress;
  return [
    `update ${grouped(update)} of at most ${grouped(updates)}`,
    ...(speed ? [`${speed.toFixed(2)} updates/s`, `${duration((updates - update) / speed)} left`] : []),
    `loss ${figure(loss)}`,
    ...Object.entries(evaluation?.sets ?? {}).map(
      ([set, { metrics }]) =>
        `${set} ${numbers(metrics)
          .map(([name, value]) => `${name} ${figure(value)}`)
          .join(' ')}`,
    ),
    ...(best ? [`best ${deciding} ${figure(best.value)}`] : []),
    ...(sets ? [`${sets.of}: ${setsText(sets)}`] : []),
  ].join(', ');
}

function setsText({ done, all }: NonNullable<TaskProgress['sets']>): string {
  return `${done} of ${all} sets`;
}

/** Figures that are single numbers. */
function numbers(metrics: EvaluatedSet['metrics']): [string, number | null][] {
  return Object.entries(metrics).filter((entry): entry is [string, number | null] => !Array.isArray(entry[1]));
}

/** A figure with as many digits as are worth reading; a dash where there is none. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1);
  if (Math.abs(value) >= 1e7) return value.toExponential(1);
  return Math.abs(value) >= 100 ? value.toFixed(1) : value.toFixed(Math.abs(value) >= 10 ? 2 : 4);
}

/** "0.1234" of one value, "0.1234 ± 0.0021" of several. @param deviation null of one @param text of each number */
export function meanAndDeviation(mean: number, deviation: number | null, text = figure): string {
  return deviation === null ? text(mean) : `${text(mean)} ± ${text(deviation)}`;
}
