import { z } from 'zod';
import { circumstancesSchema, describeCircumstances } from './machine.ts';
import { type Ratio, ratio, spread } from './rate.ts';
import { align, disturbed } from './report.ts';

/** Who trains. */
const trainers = ['ours', 'pytorch'] as const;
export type Trainer = (typeof trainers)[number];

/** All that `npm run bench -- sequence` measured: what `--json` prints. */
export const sequenceSchema = z.strictObject({
  kind: z.literal('sequence'),
  ...circumstancesSchema.shape,
  /** Mean number of cores that other programs kept busy meanwhile; Linux only. */
  othersCores: z.number().min(0).optional(),
  /** Training steps of each in each round. */
  steps: z.number().int().positive(),
  measured: z.array(
    z.strictObject({
      /** A task and a core, as `copying rim`. */
      training: z.string(),
      by: z.enum(trainers),
      parameters: z.number().int().positive(),
      /** Training steps per second of each round. */
      rounds: z.array(z.number().positive()).min(1),
    }),
  ),
});

export type SequenceSpeeds = z.infer<typeof sequenceSchema>;

/** Our training steps per second / PyTorch's. */
export function speedupOf({ measured }: SequenceSpeeds, training: string): Ratio | undefined {
  const find = (who: Trainer): number[] | undefined =>
    measured.find((one) => one.training === training && one.by === who)?.rounds;
  const [ours, theirs] = [find('ours'), find('pytorch')];
  return ours && theirs && ratio(ours, theirs);
}

const sizes: Readonly<Record<string, string>> = {
  'copying rim': 'copying, RIM 6 x 100, 4 active',
  'copying lstm': 'copying, LSTM 600',
  'sequential-mnist rim': 'sequential MNIST, RIM 5 x 102, 3 active',
  'sequential-mnist lstm': 'sequential MNIST, LSTM 600',
};

/** Table of the trainings, header first. */
export function sequenceRows(speeds: SequenceSpeeds): string[][] {
  const times = (rounds: readonly number[]): string => rounds.map((one) => one.toFixed(2)).join('  ');
  return [
    [
      'training',
      ...['by', 'parameters', 'best steps/s', 'median', 'per round'],
      ...['ours / PyTorch, best', "median of the rounds' ratios", 'per round'],
    ],
    ...speeds.measured.map(({ training, by, parameters, rounds }) => {
      const { best, median } = spread(rounds);
      const gain = by === 'ours' ? speedupOf(speeds, training) : undefined;
      return [
        sizes[training] ?? training,
        ...[by === 'ours' ? 'ours' : 'PyTorch', `${parameters}`, best.toFixed(2), median.toFixed(2), times(rounds)],
        ...(gain ? [gain.best.toFixed(2), gain.median.toFixed(2), times(gain.rounds)] : ['-', '-', '-']),
      ];
    }),
  ];
}

/** What was done, in sentences. */
export function sequenceConditions({ steps, measured, othersCores }: SequenceSpeeds): string[] {
  const rounds = measured[0]?.rounds.length ?? 0;
  return [
    'Training steps per second: a batch of 64 drawn, forward, backward, clipping, Adam. Copying has 70 steps of ' +
      'time, sequential MNIST 196 (random bits for images); tokens become vectors of 100 numbers.',
    `${steps} training steps of each in each of ${rounds} rounds, in turns, on all cores. PyTorch's LSTM is its ` +
      'fused one, with a second bias; its RIM is a loop over time.',
    ...(othersCores === undefined ? [] : [`Other programs kept ${othersCores.toFixed(2)} cores busy meanwhile.`]),
    ...disturbed(othersCores),
  ];
}

/** For people to read on the screen. */
export function sequenceTable(speeds: SequenceSpeeds): string {
  return [
    ...['', ...sequenceConditions(speeds), describeCircumstances(speeds)],
    ...['', ...align(sequenceRows(speeds)), ''],
  ].join('\n');
}
