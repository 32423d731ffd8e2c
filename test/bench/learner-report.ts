import { z } from 'zod';
import { circumstancesSchema, describeCircumstances } from './machine.ts';
import { spread } from './rate.ts';
import { align, disturbed } from './report.ts';

/** Who computes: our kernels in one of their precisions, or PyTorch. */
const computers = ['float32', 'bf16', 'pytorch'] as const;
export type Computer = (typeof computers)[number];

/** What the processor can do at most, in 10^9 floating-point operations per second. */
export const peakSchema = z.strictObject({
  float32Gflops: z.number().positive(),
  bf16Gflops: z.number().positive().nullable(),
  threads: z.number().int().positive(),
});

/** All that `npm run bench -- learner` measured: what `--json` prints. */
export const learnerSchema = z.strictObject({
  kind: z.literal('learner'),
  ...circumstancesSchema.shape,
  peak: peakSchema,
  /** Mean number of cores that other programs kept busy meanwhile; Linux only. */
  othersCores: z.number().min(0).optional(),
  /** Of each stage in each round. */
  repetitions: z.number().int().positive(),
  /** Milliseconds: the best repetition of each round. */
  measured: z.array(
    z.strictObject({
      stage: z.string(),
      by: z.enum(computers),
      rounds: z.array(z.number().positive()).min(1),
    }),
  ),
});

export type LearnerTimes = z.infer<typeof learnerSchema>;

const [samples, envs, features, hidden, actions] = [256, 8, 510, 512, 4];
/** Multiply-adds of one sample, forward. Of the torso's, the gradient of the first layer's input is not needed. */
const firstLayer = 20 * 20 * 32 * (8 * 8 * 4);
const torso = firstLayer + 9 * 9 * 64 * (4 * 4 * 32) + 7 * 7 * 64 * (3 * 3 * 64) + 3136 * features;
const [modules, units, inputKey, inputValue, communication] = [6, 85, 64, 340, 4 * 32];
const cores: Readonly<Record<string, number>> = {
  rim:
    features * (inputKey + inputValue) +
    modules * (inputKey * units + inputKey) +
    modules * (inputValue + units) * 4 * units +
    modules * units * 3 * communication +
    2 * modules * modules * communication +
    modules * communication * units,
  lstm: (features + hidden) * 4 * hidden,
  gru: (features + hidden) * 3 * hidden,
};

/**
 * Floating-point operations of a stage, forward and backward, of acting forward; undefined where memory decides and not
 * arithmetic.
 */
export function operationsOf(stage: string): number | undefined {
  const trained = (multiplyAdds: number): number => 2 * 3 * multiplyAdds * samples;
  const torsoOperations = trained(torso) - 2 * firstLayer * samples;
  const [kind, core = ''] = stage.split(' ');
  if (kind === 'torso') return torsoOperations;
  if (kind === 'core') return trained(cores[core] ?? NaN);
  const afterTorso = (cores[core] ?? 0) + features * (actions + 1);
  if (kind === 'minibatch') return torsoOperations + trained(afterTorso);
  if (kind === 'acting') return 2 * envs * (torso + afterTorso);
  return undefined;
}

/** How long a stage takes the processor at its peak, in ms; undefined as {@link operationsOf}. */
function peakMs({ peak }: LearnerTimes, stage: string, by: Computer): number | undefined {
  const operations = operationsOf(stage);
  const gflops = by === 'bf16' ? peak.bf16Gflops : peak.float32Gflops;
  return operations === undefined || gflops === null ? undefined : operations / gflops / 1e6;
}

/** Milliseconds: least, and median of the rounds. */
function timeOf(times: LearnerTimes, stage: string, by: Computer): { best: number; median: number } | undefined {
  const rounds = times.measured.find((one) => one.stage === stage && one.by === by)?.rounds;
  return rounds && { best: Math.min(...rounds), median: spread(rounds).median };
}

/** PyTorch's time / ours: best to best, and the median of the rounds' ratios. */
export function speedup(
  times: LearnerTimes,
  stage: string,
  by: Computer,
): { best: number; median: number } | undefined {
  const find = (who: Computer): number[] | undefined =>
    times.measured.find((one) => one.stage === stage && one.by === who)?.rounds;
  const [ours, theirs] = [find(by), find('pytorch')];
  if (!ours || !theirs) return undefined;
  const ratios = ours.map((ms, round) => (theirs[round] ?? NaN) / ms);
  return { best: Math.min(...theirs) / Math.min(...ours), median: spread(ratios).median };
}

/** Our time / the time at the processor's peak. */
export function againstPeak(
  times: LearnerTimes,
  stage: string,
  by: Computer,
): { best: number; median: number } | undefined {
  const [taken, least] = [timeOf(times, stage, by), peakMs(times, stage, by)];
  return taken && least !== undefined ? { best: taken.best / least, median: taken.median / least } : undefined;
}

const names: Readonly<Record<Computer, string>> = { float32: 'ours', bf16: 'ours, bf16', pytorch: 'PyTorch' };

/** Table of the stages, header first. */
export function stageRows(times: LearnerTimes): string[][] {
  const number = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? '-';
  return [
    ['stage', 'by', 'best ms', 'median ms', 'PyTorch / ours, best', 'median of the rounds', 'share of the peak'],
    ...times.measured.map(({ stage, by }) => {
      const [time, ratio] = [timeOf(times, stage, by), by === 'pytorch' ? undefined : speedup(times, stage, by)];
      const share = againstPeak(times, stage, by);
      return [
        stage,
        names[by],
        number(time?.best, 2),
        number(time?.median, 2),
        number(ratio?.best, 2),
        number(ratio?.median, 2),
        share ? `${Math.round(100 / share.best)} %` : '-',
      ];
    }),
  ];
}

/** What was done, in sentences. */
export function learnerConditions({ peak, repetitions, measured, othersCores }: LearnerTimes): string[] {
  const rounds = measured[0]?.rounds.length ?? 0;
  const bf16 = peak.bf16Gflops === null ? 'none in bfloat16' : `${peak.bf16Gflops.toFixed(0)} in bfloat16`;
  return [
    'A minibatch of 2 environments x 128 steps, forward and backward, and acting, a step of 8 environments; ' +
      `best of ${repetitions} in each of ${rounds} rounds.`,
    `The processor's measured peak, ${peak.threads} threads: ` +
      `${peak.float32Gflops.toFixed(0)} GFLOP/s in float32, ${bf16}.`,
    ...(othersCores === undefined ? [] : [`Other programs kept ${othersCores.toFixed(2)} cores busy meanwhile.`]),
    ...disturbed(othersCores),
  ];
}

/** For people to read on the screen. */
export function learnerTable(times: LearnerTimes): string {
  return [
    ...['', ...learnerConditions(times), describeCircumstances(times)],
    ...['', ...align(stageRows(times)), ''],
  ].join('\n');
}
