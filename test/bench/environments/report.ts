import { z } from 'zod';
import { type Circumstances, circumstancesSchema, describeCircumstances } from '../machine.ts';
import { ratio, type Ratio, spread } from '../rate.ts';
import { align, disturbed } from '../report.ts';
import {
  type ContestantId,
  contestants,
  games,
  recommendedSticky,
  type Task,
  taskSchema,
  type VectorId,
} from './plan.ts';

const measured = z.strictObject({
  of: z.enum(contestants),
  task: taskSchema,
  /** Of the two figures of instances and memory, which. */
  figure: z.enum(['perSecond', 'bytes', 'seconds']),
  /** One per round; bytes may be 0 where memory that was free sufficed. */
  rounds: z.array(z.number().min(0)).min(1),
});
export type MeasuredTask = z.infer<typeof measured>;

/** All that `npm run bench -- envs` measured: what `--json` prints. */
export const environmentsSchema = z.strictObject({
  kind: z.literal('envs'),
  ...circumstancesSchema.shape,
  /** Of each measurement of a rate; a third as many go before. */
  seconds: z.number().positive(),
  /** Cores that other programs kept busy: median of all measurements; Linux only. */
  othersCores: z.number().min(0).optional(),
  measured: z.array(measured).min(1),
});
export type EnvironmentsMeasured = z.infer<typeof environmentsSchema>;

export function environmentsMeasured(
  results: readonly MeasuredTask[],
  seconds: number,
  othersCores: number | undefined,
  where: Circumstances,
): EnvironmentsMeasured {
  return { kind: 'envs', ...where, seconds, ...(othersCores !== undefined && { othersCores }), measured: [...results] };
}

type Rounds = readonly number[];

function roundsOf(all: EnvironmentsMeasured, of: ContestantId, fits: (task: Task) => boolean): Rounds | undefined {
  return all.measured.find((one) => one.of === of && one.figure === 'perSecond' && fits(one.task))?.rounds;
}

/** Frames per second of one emulator per game, ours against ale-py; the last is their geometric mean. */
function emulators(all: EnvironmentsMeasured, sticky: number): { game: string; ours: Rounds; theirs: Rounds }[] {
  const found = games.flatMap((game) => {
    const fits = (task: Task): boolean => task.what === 'frames' && task.game === game && task.sticky === sticky;
    const [ours, theirs] = [roundsOf(all, 'ours', fits), roundsOf(all, 'ale-py', fits)];
    return ours && theirs ? [{ game, ours, theirs }] : [];
  });
  const [first] = found;
  if (!first) return [];
  const mean = (of: 'ours' | 'theirs'): number[] =>
    first[of].map((_, round) =>
      Math.exp(found.reduce((sum, one) => sum + Math.log(one[of][round] ?? NaN), 0) / found.length),
    );
  return [...found, { game: 'geometric mean', ours: mean('ours'), theirs: mean('theirs') }];
}

/** One emulator of ours against ale-py's, geometric mean over the games, plain. */
export function emulatorRatio(all: EnvironmentsMeasured): Ratio | undefined {
  const mean = emulators(all, 0).at(-1);
  return mean && ratio(mean.ours, mean.theirs);
}

export function emulatorRows(all: EnvironmentsMeasured): string[][] {
  return [
    ['frames/s of one emulator', 'sticky', 'ours, best', 'ale-py, best', 'ours / ale-py, best', 'median of the rounds'],
    ...[0, recommendedSticky].flatMap((sticky) =>
      emulators(all, sticky).map(({ game, ours, theirs }) => {
        const { best, median } = ratio(ours, theirs);
        return [
          ...[game, `${sticky}`, spread(ours).best.toFixed(0), spread(theirs).best.toFixed(0)],
          ...[best.toFixed(2), median.toFixed(2)],
        ];
      }),
    ),
  ];
}

type Steps = Extract<Task, { what: 'steps' }>;
type Vector = MeasuredTask & { task: Steps };

const names: Readonly<Record<VectorId, string>> = {
  pool: 'our AtariPool',
  vector: 'our AtariVectorEnv',
  'ale-py': "ale-py's AtariVectorEnv",
  envpool: 'EnvPool',
  'gymnasium-sync': "Gymnasium's SyncVectorEnv",
  'gymnasium-async': "Gymnasium's AsyncVectorEnv",
};
const vectorIds = Object.keys(names) as VectorId[];
const others = vectorIds.filter((by) => by !== 'pool' && by !== 'vector');

function vectors(all: EnvironmentsMeasured): Vector[] {
  return all.measured.filter((one): one is Vector => one.task.what === 'steps');
}

/** The setting in which `by` made most agent steps per second in any round, of those that fit. */
function bestVector(
  all: EnvironmentsMeasured,
  by: VectorId,
  fits: (task: Steps) => boolean = () => true,
): Vector | undefined {
  const [best] = vectors(all)
    .filter(({ task }) => task.by === by && fits(task))
    .sort((a, b) => spread(b.rounds).best - spread(a.rounds).best);
  return best;
}

/** Ours against another, each at its best setting; ours only at settings at which the other was measured too. */
export function vectorRatio(all: EnvironmentsMeasured, of: 'pool' | 'vector', against: VectorId): Ratio | undefined {
  const theirs = bestVector(all, against);
  const settings = vectors(all).flatMap(({ task }) => (task.by === against ? [task] : []));
  const ours = bestVector(all, of, ({ envs, batch, threads }) =>
    settings.some(
      (other) => other.envs === envs && other.batch === batch && (other.threads === threads || other.threads === 0),
    ),
  );
  return ours && theirs && ratio(ours.rounds, theirs.rounds);
}

const setting = ({ envs, batch, threads }: Steps): string[] => [
  ...[`${envs}`, batch === envs ? 'all' : `${batch}`, threads === 0 ? '-' : `${threads}`],
];

/** Agent steps per second: a line for each setting, a column for each vector. */
export function vectorRows(all: EnvironmentsMeasured): string[][] {
  const measured = vectors(all);
  const settings = [...new Map(measured.map(({ task }) => [setting(task).join(), task])).values()].sort(
    (a, b) => a.threads - b.threads || Number(a.batch < a.envs) - Number(b.batch < b.envs) || a.envs - b.envs,
  );
  const cell = (by: VectorId, task: Steps): string => {
    const found = measured.find((one) => one.task.by === by && setting(one.task).join() === setting(task).join());
    return found ? `${spread(found.rounds).best.toFixed(0)} / ${spread(found.rounds).median.toFixed(0)}` : '';
  };
  if (settings.length === 0) return [];
  return [
    ['agent steps/s, best / median: environments', 'batch', 'threads', ...vectorIds.map((by) => names[by])],
    ...settings.map((task) => [...setting(task), ...vectorIds.map((by) => cell(by, task))]),
  ];
}

/** Ours at its best against each other one at its best. */
export function vectorRatioRows(all: EnvironmentsMeasured): string[][] {
  const rows = others.flatMap((against) => {
    const theirs = bestVector(all, against);
    const found = (['vector', 'pool'] as const).map((of) => vectorRatio(all, of, against));
    if (!theirs || found.includes(undefined)) return [];
    const { envs, batch, threads } = theirs.task;
    const [batches, workers] = [
      batch === envs ? '' : ` in batches of ${batch}`,
      threads === 0 ? '' : `, ${threads} threads`,
    ];
    return [
      [
        ...[names[against], `${envs} environments${batches}${workers}`, spread(theirs.rounds).best.toFixed(0)],
        ...found.flatMap((one) => [one?.best.toFixed(2) ?? '', one?.median.toFixed(2) ?? '']),
      ],
    ];
  });
  if (rows.length === 0) return [];
  const ours = ['AtariVectorEnv', 'AtariPool'].flatMap((name) => [`our ${name} / it, best to best`, 'of the rounds']);
  return [['against', 'its best setting', 'agent steps/s', ...ours], ...rows];
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MiB`;
const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(1)} ms`;

/** Preprocessing, and one emulator's memory and creation: ours beside the other's. */
export function otherRows(all: EnvironmentsMeasured): string[][] {
  const row = (
    what: Task['what'],
    figure: MeasuredTask['figure'],
    against: readonly [ContestantId, string],
    text: string,
    show: (value: number) => string,
  ): string[][] => {
    const of = (id: ContestantId): Rounds | undefined =>
      all.measured.find((one) => one.of === id && one.task.what === what && one.figure === figure)?.rounds;
    const [ours, theirs] = [of('ours'), of(against[0])];
    if (!ours || !theirs) return [];
    const [mine, other] = [spread(ours).median, spread(theirs).median];
    return [[text, against[1], show(mine), show(other), (mine / other).toFixed(2)]];
  };
  const opencv = ['opencv', "Gymnasium's: gray screens of ale-py, NumPy, OpenCV"] as const;
  const alePy = ['ale-py', 'ale-py'] as const;
  const rows = [
    ...row('preprocessing', 'perSecond', opencv, 'observations/s, of two frames', (value) => value.toFixed(0)),
    ...row('instances', 'bytes', alePy, 'memory per emulator', mebibytes),
    ...row('instances', 'seconds', alePy, 'creating an emulator, with its game', milliseconds),
  ];
  return rows.length === 0 ? [] : [['medians', 'against', 'ours', 'theirs', 'ours / theirs'], ...rows];
}

/** Memory and creation of whole vectors. */
export function memoryRows(all: EnvironmentsMeasured): string[][] {
  const figures = (by: VectorId): { envs: number; bytes: Rounds; seconds: Rounds }[] => {
    const of = (figure: MeasuredTask['figure']): MeasuredTask | undefined =>
      all.measured.find((one) => one.task.what === 'memory' && one.task.by === by && one.figure === figure);
    const [bytes, seconds] = [of('bytes'), of('seconds')];
    if (bytes?.task.what !== 'memory' || !seconds) return [];
    return [{ envs: bytes.task.envs, bytes: bytes.rounds, seconds: seconds.rounds }];
  };
  const rows = vectorIds.flatMap((by) =>
    figures(by).map(({ envs, bytes, seconds }) => [
      ...[names[by], `${envs}`, mebibytes(spread(bytes).median), milliseconds(spread(seconds).median)],
    ]),
  );
  if (rows.length === 0) return [];
  return [['one more vector, medians', 'environments', 'memory per environment', 'to start, per environment'], ...rows];
}

/** What was done, in sentences. */
export function environmentsConditions({ seconds, measured, othersCores }: EnvironmentsMeasured): string[] {
  const rounds = measured[0]?.rounds.length ?? 0;
  return [
    `Each figure from a process of its own, ours and others' in turn, ${rounds} rounds; rates over ${seconds} s, ` +
      'after a third as many. Random actions. Vectors: Breakout, 4 frames a step, 84x84 gray, 4 of them stacked.',
    'Best settings are compared over the same grid: ours only at environments, batch and threads at which the other ' +
      'was measured too; AtariPool steps all environments at once, so it has fewer of them than the others.',
    'A vector in the table of memory has 2 threads (those included) and has played 20 steps, beside a small one.',
    ...(othersCores === undefined ? [] : [`Other programs kept ${othersCores.toFixed(2)} cores busy meanwhile.`]),
    ...disturbed(othersCores),
  ];
}

/** All tables, header first. */
export function environmentsTables(all: EnvironmentsMeasured): string[][][] {
  const tables = [emulatorRows(all), vectorRatioRows(all), vectorRows(all), otherRows(all), memoryRows(all)];
  return tables.filter((rows) => rows.length > 1);
}

/** For people to read on the screen. */
export function environmentsText(all: EnvironmentsMeasured): string {
  const tables = environmentsTables(all).flatMap((rows) => ['', ...align(rows)]);
  return ['', ...environmentsConditions(all), describeCircumstances(all), ...tables, ''].join('\n');
}
