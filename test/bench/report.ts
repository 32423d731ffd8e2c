import { max } from 'simple-statistics';
import { z } from 'zod';
import { stepsPerUpdate, task, type Contestant } from './contestant.ts';
import { type Circumstances, circumstancesSchema, describeCircumstances } from './machine.ts';
import { ratio, rule, spread, type Window } from './rate.ts';

const rate = z.number().positive();
const spreadOf = { best: rate, median: rate, rounds: z.array(rate).min(1) };

/** One training. Undefined is what the system does not tell. */
const run = z.strictObject({
  contestant: z.string(),
  round: z.number().int().positive(),
  stepsPerSecond: rate,
  firstUpdateSeconds: rate,
  updateSeconds: z.array(rate),
  peakBytes: rate.optional(),
  othersCores: z.number().min(0).optional(),
});

const result = z.strictObject({
  id: z.string(),
  title: z.string(),
  stepsPerSecond: z.strictObject(spreadOf),
  /** Median of the rounds. */
  firstUpdateSeconds: rate,
  /** Largest of the rounds. */
  peakBytes: rate.optional(),
  /** Cores that something else kept busy: largest of the rounds. */
  othersCores: z.number().min(0).optional(),
});

/** All that `npm run bench -- training` measured, and what follows from it: what `--json` prints. */
export const comparisonSchema = z.strictObject({
  kind: z.literal('training'),
  ...circumstancesSchema.shape,
  rule: z.string(),
  contestants: z.array(result).min(1),
  /** How many times as fast `of` is as `against`. */
  ratios: z.array(z.strictObject({ of: z.string(), against: z.string(), ...spreadOf })),
  runs: z.array(run),
});

export type Comparison = z.infer<typeof comparisonSchema>;
export type Run = z.infer<typeof run>;

/** The ratios that we care about. */
const pairs: readonly (readonly [string, string])[] = [
  ['rim', 'cleanrl-lstm'],
  ['rim-bf16', 'cleanrl-lstm'],
  ['rim', 'lstm'],
  ['rim', 'recurrent-ppo-512'],
  ['ff', 'sb3-ppo'],
];

/** Whom everybody else is compared with. */
const yardstick = 'cleanrl-lstm';

/** From here on a third program may well have changed the figures. */
export const disturbingCores = 0.1;

/** @param runs one of each contestant per round */
export function compare(
  contestants: readonly Pick<Contestant, 'id' | 'title'>[],
  runs: readonly Run[],
  where: Circumstances,
  window: Window,
): Comparison {
  const results = contestants.map(({ id, title }) => {
    const own = runs.filter((run) => run.contestant === id).sort((a, b) => a.round - b.round);
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
  const rates = new Map(results.map(({ id, stepsPerSecond }) => [id, stepsPerSecond.rounds]));
  const named = (of: string, against: string): boolean => pairs.some((pair) => pair[0] === of && pair[1] === against);
  const others = [...rates.keys()]
    .filter((id) => id !== yardstick && !named(id, yardstick))
    .map((id) => [id, yardstick] as const);
  return {
    kind: 'training',
    ...where,
    rule: rule(window),
    contestants: results,
    ratios: [...pairs, ...others].flatMap(([of, against]) => {
      const [ours, theirs] = [rates.get(of), rates.get(against)];
      return ours && theirs ? [{ of, against, ...ratio(ours, theirs) }] : [];
    }),
    runs: [...runs],
  };
}

/** What is trained, and what is counted. */
export function conditions({ rule }: Comparison): string[] {
  return [
    `${task.game}, ${task.envs} environments x ${task.rollout} steps = ${stepsPerUpdate} per update, ` +
      `${task.minibatches} minibatches, ${task.epochs} epochs.`,
    `Steps/s: ${rule}.`,
  ];
}

/** Table of the contestants, header first. */
export function contestantRows({ contestants }: Comparison): string[][] {
  return [
    ['', 'name', 'best', 'median', 'steps/s per round', 'first update', 'peak memory', 'used by others'],
    ...contestants.map(({ id, title, stepsPerSecond, firstUpdateSeconds, peakBytes, othersCores }) => [
      title,
      id,
      stepsPerSecond.best.toFixed(1),
      stepsPerSecond.median.toFixed(1),
      stepsPerSecond.rounds.map((rate) => rate.toFixed(1)).join('  '),
      `${firstUpdateSeconds.toFixed(1)} s`,
      peakBytes === undefined ? '-' : `${Math.round(peakBytes / 2 ** 20)} MiB`,
      othersCores === undefined ? '-' : `${othersCores.toFixed(2)} cores`,
    ]),
  ];
}

/** Table of the ratios, header first. */
export function ratioRows({ ratios }: Comparison): string[][] {
  return [
    ['steps/s of / against', 'best to best', "median of the rounds' ratios", 'per round'],
    ...ratios.map(({ of, against, best, median, rounds }) => [
      `${of} / ${against}`,
      best.toFixed(2),
      median.toFixed(2),
      rounds.map((one) => one.toFixed(2)).join('  '),
    ]),
  ];
}

/** A warning, where other programs took so much that the figures do not hold. */
export function disturbance({ contestants }: Comparison): string[] {
  return disturbed(largest(contestants.map(({ othersCores }) => othersCores)));
}

/** The same, of cores that others kept busy. */
export function disturbed(othersCores: number | undefined): string[] {
  return (othersCores ?? 0) > disturbingCores
    ? ['Other programs were at work: these figures do not hold. PyTorch loses most by it; take an idle machine.']
    : [];
}

/** The comparison for people to read. */
export function tableOf(comparison: Comparison): string {
  return [
    ...['', ...conditions(comparison), describeCircumstances(comparison)],
    ...['', ...align(contestantRows(comparison))],
    ...['', ...align(ratioRows(comparison))],
    ...['', ...disturbance(comparison), ''],
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
