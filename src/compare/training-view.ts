import { cropped, fact, type Line, progressBar } from '../view/blocks.ts';
import { LiveView } from '../view/live-view.ts';
import { Speedometer } from '../view/speedometer.ts';
import { duration, grouped, score } from '../text/words.ts';
import { nameOf, stepsLeft } from './plan-words.ts';
import type { TrainedRun } from './train-runs.ts';

/** All runs at one moment. */
interface Moment {
  readonly runs: readonly TrainedRun[];
  /** Agent steps per second: of each run that is going, and how long all need; null where not known yet. */
  readonly speeds: readonly (number | null)[];
  readonly secondsLeft: number | null;
  /** Agent steps that all runs shall make, and share of these that are made. */
  readonly steps: number;
  readonly done: number;
}

/** Shows how the runs of a comparison get on: live in a terminal, else a line now and then. */
export class TrainingView {
  readonly #view: LiveView<Moment>;
  readonly #speedometers = new Map<string, Speedometer>();
  readonly #told = new Set<string>();

  constructor() {
    this.#view = new LiveView({ lines, text });
  }

  update(runs: readonly TrainedRun[]): void {
    for (const state of runs) this.#tellEnd(state);
    const speeds = runs.map((state) => (state.phase === 'going' ? this.#speed(state) : null));
    const total = speeds.reduce<number>((sum, speed) => sum + (speed ?? 0), 0);
    const left = runs.filter(({ phase }) => phase === 'going' || phase === 'waiting').map(leftOf);
    const remaining = left.reduce((sum, steps) => sum + steps, 0);
    const steps = runs.reduce((sum, { run }) => sum + run.options.steps, 0);
    this.#view.update({
      ...{ runs, speeds, steps, done: 1 - remaining / steps },
      secondsLeft: total > 0 ? remaining / total : null,
    });
  }

  message(text: string): void {
    this.#view.message(text);
  }

  close(): void {
    this.#view.close();
  }

  #speed({ run, progress }: TrainedRun): number | null {
    if (progress === undefined) return null;
    const speedometer = this.#speedometers.get(run.path) ?? new Speedometer();
    this.#speedometers.set(run.path, speedometer);
    const average = progress.agentStep / progress.seconds;
    return speedometer.add({ done: progress.agentStep, seconds: progress.seconds, speed: average });
  }

  /** A line for each run that has ended, once. */
  #tellEnd({ run, phase, progress, said }: TrainedRun): void {
    if (phase === 'going' || phase === 'waiting' || this.#told.has(run.path)) return;
    this.#told.add(run.path);
    const reached = `mean score of the last 100 ${score(progress?.meanScore ?? null)}`;
    const words = {
      trained: `${nameOf(run)} is trained: ${reached}`,
      stopped: `${nameOf(run)} is stopped and saved at agent step ${grouped(progress?.agentStep ?? 0)}`,
      failed: `${nameOf(run)} failed: ${said ?? ''} (${run.path})`,
    };
    this.#view.message(words[phase]);
  }
}

function leftOf({ run, progress }: TrainedRun): number {
  return progress ? Math.max(0, run.options.steps - progress.agentStep) : stepsLeft(run);
}

/** Most runs that are shown each in a line of its own. */
const shown = 12;

function lines({ runs, speeds, secondsLeft, done }: Moment, width: number): Line[] {
  const name = Math.max(...runs.map(({ run }) => nameOf(run).length));
  const going = runs.map((state, i) => ({ state, speed: speeds[i] ?? null })).filter(({ state }) => isGoing(state));
  const rows = going.slice(0, shown).flatMap(({ state, speed }): Line[] => {
    const { run, progress } = state;
    const bar = progressBar(
      Math.min(1, (progress?.agentStep ?? 0) / run.options.steps),
      Math.max(20, width - name - 34),
    );
    const speedText = `${speed === null ? '–' : grouped(speed)} steps/s`.padStart(14);
    return [[{ text: nameOf(run).padEnd(name + 2) }, ...bar, { text: speedText }, ...fact('  score', meanOf(state))]];
  });
  const head = fact('trained', `${trained(runs)} of ${runs.length} runs`);
  const time = fact('   time left', secondsLeft === null ? '–' : duration(secondsLeft));
  return [[...head, ...time], progressBar(Math.max(0, Math.min(done, 1)), width), ...rows].map((line) =>
    cropped(line, width),
  );
}

function text({ runs, speeds, secondsLeft }: Moment): string {
  const going = runs.flatMap((state, i) => {
    if (!isGoing(state)) return [];
    const { run, progress } = state;
    const percent = Math.floor((100 * (progress?.agentStep ?? 0)) / run.options.steps);
    const speed = speeds[i];
    return [`${nameOf(run)} ${percent} %${speed ? ` at ${grouped(speed)} steps/s` : ''}, score ${meanOf(state)}`];
  });
  const left = secondsLeft === null ? [] : [`about ${duration(secondsLeft)} left`];
  return [`${trained(runs)} of ${runs.length} runs trained`, ...left, ...going].join('; ');
}

const isGoing = ({ phase }: TrainedRun): boolean => phase === 'going';
const meanOf = ({ progress }: TrainedRun): string => score(progress?.meanScore ?? null);

function trained(runs: readonly TrainedRun[]): number {
  return runs.filter(({ phase }) => phase === 'trained').length;
}
