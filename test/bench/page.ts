import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UserError } from '../../src/errors.ts';
import { replaceFile } from '../../src/runs/disk.ts';
import { patchesSchema, withPatches } from './environments/patches-report.ts';
import {
  emulatorRatio,
  environmentsConditions,
  type EnvironmentsMeasured,
  environmentsSchema,
  environmentsTables,
  vectorRatio,
} from './environments/report.ts';
import {
  againstPeak,
  learnerConditions,
  learnerSchema,
  type LearnerTimes,
  speedup,
  stageRows,
} from './learner-report.ts';
import { describeCircumstances } from './machine.ts';
import { markdownTable } from './markdown.ts';
import { type Comparison, comparisonSchema, conditions, contestantRows, disturbance, ratioRows } from './report.ts';
import { sequenceConditions, sequenceRows, sequenceSchema, type SequenceSpeeds, speedupOf } from './sequence-report.ts';

/** What the page is made from. */
const measuredSchema = z.discriminatedUnion('kind', [
  comparisonSchema,
  learnerSchema,
  sequenceSchema,
  environmentsSchema,
  patchesSchema,
]);
export type Measured = z.infer<typeof measuredSchema>;

interface Aim {
  readonly what: string;
  readonly atLeast: number;
  readonly reach: number;
  readonly found: { readonly best: number; readonly median: number } | undefined;
}

function aims(
  training: Comparison | undefined,
  learner: LearnerTimes | undefined,
  sequence: SequenceSpeeds | undefined,
  envs: EnvironmentsMeasured | undefined,
): Aim[] {
  const rates = (of: string, against: string): Aim['found'] =>
    training?.ratios.find((ratio) => ratio.of === of && ratio.against === against);
  const aim = (what: string, atLeast: number, reach: number, found: Aim['found']): Aim => ({
    ...{ what, atLeast, reach, found },
  });
  return [
    aim('RIM 6x85, float32, against CleanRL ppo_atari_lstm', 2.5, 4, rates('rim', 'cleanrl-lstm')),
    aim('the same in bf16', 3.5, 5, rates('rim-bf16', 'cleanrl-lstm')),
    aim(
      'RIM minibatch against the same RIM as a plain PyTorch loop, torso included',
      ...([5, 8, learner && speedup(learner, 'minibatch rim', 'float32')] as const),
    ),
    aim('RIM against our LSTM 512', 1, 1.3, rates('rim', 'lstm')),
    aim('RIM against sb3-contrib RecurrentPPO, LSTM 512', 7, 12, rates('rim', 'recurrent-ppo-512')),
    aim('our feed-forward network against Stable-Baselines3 PPO', 1.8, 3, rates('ff', 'sb3-ppo')),
    aim(
      "time of the torso, forward + backward, float32, against the peak's (less is better)",
      ...([1.5, 1.15, learner && againstPeak(learner, 'torso', 'float32')] as const),
    ),
    ...['copying', 'sequential-mnist'].flatMap((task) => {
      const found = (core: string): Aim['found'] => sequence && speedupOf(sequence, `${task} ${core}`);
      const name = task.replace('sequential-mnist', 'sequential MNIST');
      return [
        aim(`${name}, RIM, training steps/s against a plain PyTorch loop`, 5, 8, found('rim')),
        aim(`${name}, LSTM 600, training steps/s against PyTorch's fused LSTM`, 1, 1.5, found('lstm')),
      ];
    }),
    aim('one emulator, frames/s, against ale-py', 1, 1, envs && emulatorRatio(envs)),
    aim(
      "AtariVectorEnv, agent steps/s, against ale-py's, both at their best setting",
      ...([1, 1.5, envs && vectorRatio(envs, 'vector', 'ale-py')] as const),
    ),
    aim(
      "AtariPool, all environments at once, against ale-py's best setting",
      ...([1, 1.5, envs && vectorRatio(envs, 'pool', 'ale-py')] as const),
    ),
  ];
}

function aimRows(...measured: Parameters<typeof aims>): string[][] {
  return [
    ['', 'at least', 'reach for', 'measured, best to best', 'median'],
    ...aims(...measured).map(({ what, atLeast, reach, found }) => [
      what,
      ...[`${atLeast}`, `${reach}`],
      ...[found?.best.toFixed(2) ?? 'not measured', found?.median.toFixed(2) ?? ''],
    ]),
  ];
}

/** docs/benchmarks.md from what `--json` printed: one of each kind at most. */
export function pageOf(measured: readonly Measured[]): string {
  const training = measured.find((one) => one.kind === 'training');
  const learner = measured.find((one) => one.kind === 'learner');
  const sequence = measured.find((one) => one.kind === 'sequence');
  const envs = measured.find((one) => one.kind === 'envs');
  return `${[
    '# Benchmarks',
    '',
    'Written by `npm run bench -- page` from [what was measured](benchmarks). What each command does, and by which',
    'rules, is told in [test/bench](../test/bench); how speed changes with environments and threads, in',
    '[scaling](scaling.md); what limits it, what was tried and what would be next, in [kernels](kernels.md), and for',
    'the environments in [environments-speed](environments-speed.md).',
    '',
    ...markdownTable(aimRows(training, learner, sequence, envs)),
    ...(training ? section('Whole trainings', training, [conditions(training), disturbance(training)]) : []),
    ...(training ? ['', ...markdownTable(contestantRows(training)), '', ...markdownTable(ratioRows(training))] : []),
    ...(learner ? section('A minibatch, stage by stage', learner, [learnerConditions(learner)]) : []),
    ...(learner ? ['', ...markdownTable(stageRows(learner))] : []),
    ...(sequence ? section('Sequence tasks', sequence, [sequenceConditions(sequence)]) : []),
    ...(sequence ? ['', ...markdownTable(sequenceRows(sequence))] : []),
    ...(envs ? section('Environments', envs, [environmentsConditions(envs)]) : []),
    ...(envs ? environmentsTables(envs).flatMap((rows) => ['', ...markdownTable(rows)]) : []),
  ].join('\n')}\n`;
}

function section(title: string, measured: Measured, paragraphs: readonly (readonly string[])[]): string[] {
  const texts = [[`\`${measured.command}\``], ...paragraphs, [`${describeCircumstances(measured)}.`]];
  return ['', `## ${title}`, ...texts.flatMap((text) => (text.length > 0 ? ['', ...text] : []))];
}

/** @param file what `--json` printed @throws UserError naming the file if it is not that */
export function readMeasured(file: string): Measured {
  try {
    const text = readFileSync(file, 'utf8');
    return measuredSchema.parse(JSON.parse(text.slice(text.indexOf('{')))); // npm may have printed lines before it
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error).split('\n')[0] : String(error);
    throw new UserError(
      `${file} is not what training, learner, sequence, envs or patches prints with --json: ${reason}`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Writes docs/benchmarks.md, and into docs/environments-speed.md what ALE's patches gain, where the files have it.
 * @throws UserError as {@link readMeasured}
 */
export function writePage(files: readonly string[]): void {
  const measured = files.map(readMeasured);
  const write = (name: string, made: (page: string) => string): void => {
    const page = fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
    replaceFile(page, [made(readFileSync(page, 'utf8'))]);
    process.stdout.write(`written: ${page}\n`);
  };
  const patches = measured.find((one) => one.kind === 'patches');
  if (measured.some((one) => one !== patches)) write('benchmarks.md', () => pageOf(measured));
  if (patches) write('environments-speed.md', (page) => withPatches(page, patches));
}
