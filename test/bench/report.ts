import { max } from 'simple-statistics';
import { stepsPerUpdate, task, type Contestant } from './contestant.ts';
import { ratio, rule, spread, type Ratio, type Spread, type Window } from './rate.ts';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
}

/** One training. */
export interface Run {
  readonly contestant: string;
  readonly round: number;
  readonly stepsPerSecond: number;
  readonly firstUpdateSeconds: number;
  readonly updateSeconds: readonly number[];
  readonly peakBytes: number | undefined;
  readonly othersCores: number | undefined;
}

/** All that was measured, and what follows from it: what `--json` prints. */
export interface Comparison {
  readonly task: typeof task;
  readonly rule: string;
  readonly machine: Machine;
  readonly contestants: readonly Result[];
  /** Ours against each peer. */
  readonly ratios: readonly ({ readonly against: string } & Ratio)[];
  readonly runs: readonly Run[];
}

interface Result {
  readonly id: string;
  readonly title: string;
  readonly stepsPerSecond: Spread & { readonly rounds: readonly number[] };
  /** Median of the rounds. */
  readonly firstUpdateSeconds: number;
  /** Largest of the rounds. */
  readonly peakBytes: number | undefined;
  /** Cores that something else kept busy: largest of the rounds. */
  readonly othersCores: number | undefined;
}

/** From here on a third program may well have changed the figures. */
const disturbingCores = 0.1;

/**
 * @param contestants ours first
 * @param runs one of each contestant per round
 */
export function compare(
  contestants: readonly Pick<Contestant, 'id' | 'title'>[],
  runs: readonly Run[],
  machine: Machine,
  window: Window,
): Comparison {
  const results = contestants.map(({ id, title }): Result => {
    const own = runs.filter((run) => run.contestant === id);
    const rates = own.map((run) => run.stepsPerSecond);
    return {
      id,
      title,
      stepsPerSecond: { ...spread(rates), rounds: rates },
      firstUpdateSeconds: spread(own.map((run) => run.firstUpdateSeconds)).median,
      peakBytes: largest(own.map((run) => run.peakBytes)),
      othersCores: largest(own.map((run) => run.othersCores)),
    };
  });
  const [ours, ...others] = results;
  return {
    task,
    rule: rule(window),
    machine,
    contestants: results,
    ratios: others.map((other) => ({
      against: other.id,
      ...ratio(ours?.stepsPerSecond.rounds ?? [], other.stepsPerSecond.rounds),
    })),
    runs,
  };
}

/** The comparison for people to read. */
export function tableOf({ contestants, machine, ratios, rule }: Comparison): string {
  const rows = contestants.map(({ title, stepsPerSecond, firstUpdateSeconds, peakBytes, othersCores }) => [
    title,
    stepsPerSecond.best.toFixed(1),
    stepsPerSecond.median.toFixed(1),
    stepsPerSecond.rounds.map((rate) => rate.toFixed(1)).join('  '),
    `${firstUpdateSeconds.toFixed(1)} s`,
    peakBytes === undefined ? '-' : `${Math.round(peakBytes / 2 ** 20)} MiB`,
    othersCores === undefined ? '-' : `${othersCores.toFixed(2)} cores`,
  ]);
  const disturbance = largest(contestants.map(({ othersCores }) => othersCores)) ?? 0;
  const { processor, cores } = machine;
  return [
    '',
    `${task.game}, ${task.envs} environments x ${task.rollout} steps = ${stepsPerUpdate} per update, ` +
      `${task.minibatches} minibatches, ${task.epochs} epochs; ${processor}, ${cores} cores`,
    `Steps/s: ${rule}.`,
    '',
    ...align([['', 'best', 'median', 'steps/s per round', 'first update', 'peak memory', 'used by others'], ...rows]),
    '',
    ...ratios.map(
      ({ against, best, median, rounds }) =>
        `rim-agents / ${against}: ${best.toFixed(2)} best to best; ${median.toFixed(2)} median of the rounds' ratios ` +
        `(${rounds.map((one) => one.toFixed(2)).join(', ')})`,
    ),
    ...(disturbance > disturbingCores
      ? ['', 'Other programs were at work: these figures do not hold. PyTorch loses most by it; take an idle machine.']
      : []),
    '',
  ].join('\n');
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? max(known) : undefined;
}

/** Columns of equal width: the first to the left, the others to the right. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    widths
      .map((width, column) => (column === 0 ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width)))
      .join('   ')
      .trimEnd(),
  );
}
