import { z } from 'zod';
import { spread, type Spread } from './rate.ts';
import { align, disturbingCores } from './report.ts';

/** Agent steps per environment and update, and passes over them: the same in every training. */
export const rolloutSteps = 128;
export const minibatches = 4;
export const epochs = 4;

const whole = z.number().int().positive();

/** One training: what `--json` prints for it. */
const run = z.strictObject({
  envs: whole,
  workers: whole,
  threads: whole,
  groups: whole,
  round: whole,
  /** Of each update that counts. */
  stepsPerSecond: z.array(z.number().positive()).min(1),
  firstUpdateSeconds: z.number().positive(),
  /** Null where the system does not tell. */
  peakBytes: z.number().positive().nullable(),
  /** Cores that something else kept busy. */
  othersCores: z.number().min(0).nullable(),
});

/** Acting with a network that takes time but no core: agent steps per second, one group of environments against two. */
const slowNetwork = z.strictObject({
  /** What a call for all environments takes. */
  milliseconds: z.number().positive(),
  /** Of that, what a call for half of them takes. */
  share: z.number().positive(),
  oneGroup: z.number().positive(),
  twoGroups: z.number().positive(),
});

export type SlowNetwork = z.infer<typeof slowNetwork>;

/** All that `npm run bench -- scaling` measured. The first run has the settings that all others vary. */
export const scalingSchema = z.strictObject({
  date: z.iso.date(),
  machine: z.strictObject({ processor: z.string(), cores: whole, memoryBytes: whole, node: z.string() }),
  core: z.string(),
  warmup: whole,
  runs: z.array(run).min(1),
  slowNetworks: z.array(slowNetwork).min(1),
});

export type Scaling = z.infer<typeof scalingSchema>;
export type ScalingRun = z.infer<typeof run>;

/** All rounds of one setting. */
interface Row extends Pick<ScalingRun, 'envs' | 'workers' | 'threads' | 'groups'> {
  readonly rate: Spread;
  /** Largest of the rounds. */
  readonly peakBytes: number | null;
  readonly othersCores: number | null;
}

function rowsOf({ runs }: Scaling): Row[] {
  const settings = new Map<string, ScalingRun[]>();
  for (const one of runs) {
    const key = [one.envs, one.workers, one.threads, one.groups].join();
    settings.set(key, [...(settings.get(key) ?? []), one]);
  }
  return [...settings.values()].map((rounds): Row => {
    const { envs, workers, threads, groups } = rounds[0] as ScalingRun;
    const rate = spread(rounds.flatMap(({ stepsPerSecond }) => stepsPerSecond));
    const largest = (key: 'peakBytes' | 'othersCores'): number | null =>
      rounds.reduce<number | null>((most, { [key]: one }) => (one === null ? most : Math.max(one, most ?? 0)), null);
    return {
      envs,
      workers,
      threads,
      groups,
      rate,
      peakBytes: largest('peakBytes'),
      othersCores: largest('othersCores'),
    };
  });
}

const header = ['envs', 'workers', 'threads', 'groups', 'best', 'median', 'peak memory', 'used by others'];

function cells({ envs, workers, threads, groups, rate, peakBytes, othersCores }: Row): string[] {
  return [
    ...[envs, workers, threads, groups].map(String),
    rate.best.toFixed(0),
    rate.median.toFixed(0),
    peakBytes === null ? '-' : `${Math.round(peakBytes / 2 ** 20)} MiB`,
    othersCores === null ? '-' : `${othersCores.toFixed(2)} cores`,
  ];
}

const slowHeader = ['network, all environments', 'network, half of them', 'one group', 'two groups', 'gain'];

function slowCells({ milliseconds, share, oneGroup, twoGroups }: SlowNetwork): string[] {
  return [
    `${milliseconds} ms`,
    `${(milliseconds * share).toFixed(2)} ms`,
    oneGroup.toFixed(0),
    twoGroups.toFixed(0),
    (twoGroups / oneGroup).toFixed(2),
  ];
}

/** What was done, in one sentence. */
function conditions({ core, warmup, machine: { processor, cores, memoryBytes, node } }: Scaling): string {
  const memory = `${Math.round(memoryBytes / 2 ** 30)} GiB`;
  return [
    `Breakout, ${core}, ${rolloutSteps} steps per environment and update, ${epochs} epochs of ${minibatches}`,
    `minibatches (of a quarter of the environments each); best and median update after the first ${warmup}, in agent`,
    `steps per second; ${processor}, ${cores} cores, ${memory}, Node ${node}`,
  ].join(' ');
}

/** For people to read on the screen. */
export function scalingTable(scaling: Scaling): string {
  return [
    '',
    conditions(scaling),
    '',
    ...align([header, ...rowsOf(scaling).map(cells)]),
    '',
    'Acting alone, with a network that takes time but no core:',
    '',
    ...align([slowHeader, ...scaling.slowNetworks.map(slowCells)]),
    '',
  ].join('\n');
}

/**
 * docs/scaling.md.
 * @param measured what `npm run bench -- scaling --json` printed
 * @throws ZodError if it is not that
 */
export function scalingPage(measured: unknown): string {
  const scaling = scalingSchema.parse(measured);
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  return `${[
    '# Environments, workers, threads',
    '',
    'Written by `npm run bench -- scaling --write` from [what it measured](benchmarks/scaling.json).',
    '',
    `${conditions(scaling)}; ${scaling.date}.`,
    '',
    line(header),
    line(header.map(() => '---:')),
    ...rowsOf(scaling).map((row) => line(cells(row))),
    '',
    ...disturbance(scaling),
    ...advice(rowsOf(scaling)),
    '',
    ...twoGroups(scaling),
  ].join('\n')}\n`;
}

function disturbance({ runs }: Scaling): string[] {
  const most = Math.max(...runs.map(({ othersCores }) => othersCores ?? 0));
  return most > disturbingCores
    ? [`**Other programs kept up to ${most.toFixed(2)} cores busy meanwhile: these figures do not hold.**`, '']
    : [];
}

function advice(rows: readonly Row[]): string[] {
  const [base] = rows as [Row];
  const against = ({ rate }: Row): string => `${(rate.median / base.rate.median).toFixed(2)} times`;
  const varied = (key: 'envs' | 'workers' | 'threads' | 'groups'): string =>
    rows
      .filter((row) => row[key] !== base[key])
      .map((row) => `${row[key]}: ${against(row)}`)
      .join(', ') || 'not measured';
  const mebibytes = (row: Row | undefined): number => Math.round((row?.peakBytes ?? 0) / 2 ** 20);
  const most = rows.reduce((a, b) => (b.envs > a.envs ? b : a));
  const perEnv = (mebibytes(most) - mebibytes(base)) / Math.max(1, most.envs - base.envs);
  const named = `${base.envs} environments, ${base.workers} workers, ${base.threads} threads, ${base.groups} group`;
  return [
    `The first row is the base (${named}); each other row changes one thing. Medians against it:`,
    '',
    `- \`--envs\` ${varied('envs')}`,
    `- \`--workers\` ${varied('workers')}`,
    `- \`--threads\` ${varied('threads')}`,
    `- \`--groups\` ${varied('groups')}`,
    '',
    '## What follows',
    '',
    '- `--workers` and `--threads`: leave them out. Both are then the number of cores, and neither changes the',
    '  games. Environments and network take turns, so the two do not compete for cores. More workers than cores',
    '  gain nothing. `--threads` is worth giving where the machine is shared, and to repeat a run of another machine.',
    '- `--envs` changes what is learned, not only how fast. A minibatch holds whole environments, a quarter of',
    '  them with the default 4 minibatches: 32 environments make minibatches four times as large as 8 do, and a',
    "  quarter of the optimiser's steps per agent step. Compare arms with the same `--envs`. Take more where",
    '  steps/s rise with them and the learning rate is tuned anew.',
    `  Memory grows by about ${Math.max(0, perEnv).toFixed(0)} MiB per`,
    '  environment (its frames, and the activations of larger minibatches).',
    '- `--groups` changes nothing but speed. On few cores one group is the default: network and environments each use',
    '  all cores in turn, and two calls for half the environments cost more than one for all. With 8 cores or more the',
    '  default is two: one half of the environments steps while the other is in the network.',
  ];
}

function twoGroups({ slowNetworks, machine: { cores } }: Scaling): string[] {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  return [
    '## Two groups where cores are many',
    '',
    `A simulation, on ${cores} cores: 8 environments play Breakout while a network that only waits stands for one`,
    'on other cores, or on a GPU. A call for half the environments takes half the time where time goes with the number',
    'of rows, more where a call costs something in itself (batch 4 took 0.85 of batch 8 on two cores). Agent steps per',
    'second of acting, learning left out:',
    '',
    line(slowHeader),
    line(slowHeader.map(() => '---:')),
    ...slowNetworks.map((one) => line(slowCells(one))),
    '',
    'The gain is largest where network and environments take about the same time. What two groups do, step by step,',
    'and that they change no result, is tested with a slow network in `test/src/ppo/two-groups.test.ts`. They have not',
    'been measured on a machine with many cores.',
  ];
}
