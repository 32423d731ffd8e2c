import { z } from 'zod';
import { type Circumstances, circumstancesSchema, describeCircumstances } from '../machine.ts';
import { ratio, type Ratio, spread } from '../rate.ts';
import { align, disturbed } from '../report.ts';
import { type ContestantId, contestants, games, recommendedSticky, type Task, taskSchema } from './plan.ts';

const measured = z.strictObject({
  of: z.enum(contestants),
  task: taskSchema,
  /** Of the instances' two figures, which. */
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

type Vector = MeasuredTask & { task: Extract<Task, { what: 'steps' }> };

function vectors(all: EnvironmentsMeasured): Vector[] {
  return all.measured.filter((one): one is Vector => one.task.what === 'steps');
}

/** The setting of one contestant that made most agent steps per second in any round. */
function bestVector(all: EnvironmentsMeasured, of: ContestantId): Vector | undefined {
  const [best] = vectors(all)
    .filter((one) => one.of === of)
    .sort((a, b) => spread(b.rounds).best - spread(a.rounds).best);
  return best;
}

/** Our best setting against the best of another. */
export function vectorRatio(all: EnvironmentsMeasured, against: ContestantId): Ratio | undefined {
  const [ours, theirs] = [bestVector(all, 'ours'), bestVector(all, against)];
  return ours && theirs && ratio(ours.rounds, theirs.rounds);
}

const names: Readonly<Record<string, string>> = {
  pool: 'ours: AtariPool',
  vector: 'ours: AtariVectorEnv',
  'ale-py': 'ale-py AtariVectorEnv',
  envpool: 'EnvPool',
  'gymnasium-sync': 'Gymnasium SyncVectorEnv',
  'gymnasium-async': 'Gymnasium AsyncVectorEnv',
};

function vectorRows(all: EnvironmentsMeasured): string[][] {
  const setting = ({ task: { by, envs, batch, threads } }: Vector): string[] => [
    names[by] ?? by,
    ...[`${envs}`, batch === envs ? 'all' : `${batch}`, threads === 0 ? '-' : `${threads}`],
  ];
  return [
    ['agent steps/s', 'environments', 'batch', 'threads', 'best', 'median'],
    ...vectors(all).map((one) => {
      const { best, median } = spread(one.rounds);
      return [...setting(one), best.toFixed(0), median.toFixed(0)];
    }),
  ];
}

/** Our best setting against everyone's best. */
export function vectorRatioRows(all: EnvironmentsMeasured): string[][] {
  return [
    ['agent steps/s, best settings', 'best to best', "median of the rounds' ratios"],
    ...contestants.flatMap((against) => {
      const found = against === 'ours' ? undefined : vectorRatio(all, against);
      const theirs = bestVector(all, against)?.task;
      if (!found || !theirs) return [];
      const batch = theirs.batch === theirs.envs ? '' : ` in batches of ${theirs.batch}`;
      const what = `ours / ${names[theirs.by]}, ${theirs.envs} environments${batch}`;
      return [[what, found.best.toFixed(2), found.median.toFixed(2)]];
    }),
  ];
}

/** Preprocessing, memory, creation: ours beside ale-py. */
export function otherRows(all: EnvironmentsMeasured): string[][] {
  const row = (what: Task['what'], figure: MeasuredTask['figure'], text: string, show: (value: number) => string) => {
    const of = (id: ContestantId): Rounds | undefined =>
      all.measured.find((one) => one.of === id && one.task.what === what && one.figure === figure)?.rounds;
    const [ours, theirs] = [of('ours'), of('ale-py')];
    if (!ours || !theirs) return [];
    const [mine, other] = [spread(ours).median, spread(theirs).median];
    return [[text, show(mine), show(other), (mine / other).toFixed(2)]];
  };
  const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(2)} MiB`;
  const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(1)} ms`;
  return [
    ['medians', 'ours', 'ale-py', 'ours / ale-py'],
    ...row('preprocessing', 'perSecond', 'observations/s (theirs: two gray screens, NumPy, OpenCV)', (value) =>
      value.toFixed(0),
    ),
    ...row('instances', 'bytes', 'memory per emulator', mebibytes),
    ...row('instances', 'seconds', 'creating an emulator, with its game', milliseconds),
  ];
}

/** What was done, in sentences. */
export function environmentsConditions({ seconds, measured, othersCores }: EnvironmentsMeasured): string[] {
  const rounds = measured[0]?.rounds.length ?? 0;
  return [
    `Each figure from a process of its own, ours and others' in turn, ${rounds} rounds; rates over ${seconds} s, after ` +
      'a third as many. Random actions. Vectors: Breakout, 4 frames a step, 84x84 gray, 4 of them stacked.',
    ...(othersCores === undefined ? [] : [`Other programs kept ${othersCores.toFixed(2)} cores busy meanwhile.`]),
    ...disturbed(othersCores),
  ];
}

/** All tables, header first. */
export function environmentsTables(all: EnvironmentsMeasured): string[][][] {
  return [emulatorRows(all), vectorRatioRows(all), otherRows(all), vectorRows(all)];
}

/** For people to read on the screen. */
export function environmentsText(all: EnvironmentsMeasured): string {
  const tables = environmentsTables(all).flatMap((rows) => ['', ...align(rows)]);
  return ['', ...environmentsConditions(all), describeCircumstances(all), ...tables, ''].join('\n');
}
