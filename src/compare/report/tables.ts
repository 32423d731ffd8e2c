import { settingWords } from '../../settings/words.ts';
import { grouped, score } from '../../text/words.ts';
import type { ComparisonReport, ReportedArm } from './schema.ts';
import { withInterval } from '../verdict.ts';
import type { Block } from './blocks.ts';

const nothing = '–';

/** A table of the report: its rows, the heading first, and which columns hold words. */
export type Table = Pick<Extract<Block, { kind: 'table' }>, 'rows' | 'words'>;

/** Arms with what they reach. */
export function armTable({ arms, games, scale }: ComparisonReport): Table {
  const each = games.length > 1 || scale === 'none' ? games : [];
  const figures: [string, (arm: ReportedArm) => string][] = [
    ...(scale === 'none' ? [] : overall(arms, games.length)),
    ...each.map((game, g): [string, (arm: ReportedArm) => string] => [
      `IQM in ${game}`,
      ({ games }) => (games[g] ? withInterval(games[g].iqm) : nothing),
    ]),
    ['seeds', ({ runs }) => seedWords(runs, games.length)],
  ];
  return {
    rows: [
      ['arm', ...figures.map(([name]) => name)],
      ...arms.map((arm) => [arm.name, ...figures.map(([, of]) => of(arm))]),
    ],
    words: [0],
  };
}

function overall(arms: readonly ReportedArm[], games: number): [string, (arm: ReportedArm) => string][] {
  const figure =
    (of: (found: NonNullable<ReportedArm['aggregates']>) => Parameters<typeof withInterval>[0] | null) =>
    ({ aggregates }: ReportedArm): string => {
      const found = aggregates && of(aggregates);
      return found ? withInterval(found) : nothing;
    };
  return [
    ['IQM', figure(({ iqm }) => iqm)],
    ...(games > 1 ? [['median', figure(({ median }) => median)] as [string, (arm: ReportedArm) => string]] : []),
    ['mean', figure(({ mean }) => mean)],
    ...(arms.every(({ aggregates }) => aggregates?.optimalityGap)
      ? [['optimality gap', figure(({ optimalityGap }) => optimalityGap)] as [string, (arm: ReportedArm) => string]]
      : []),
  ];
}

function seedWords(runs: ReportedArm['runs'], games: number): string {
  const seeds = new Set(runs.map(({ seed }) => seed)).size;
  return runs.length === seeds * games ? `${seeds}` : `${runs.length} runs`;
}

/** How probably each arm improves on each other. */
export function improvementTable({ arms, improvement }: ComparisonReport): Table {
  const names = arms.map(({ name }) => name);
  const cell = (arm: string, over: string): string => {
    const found = improvement.find((pair) => pair.arm === arm && pair.over === over);
    return found ? withInterval(found.probability, (value) => value.toFixed(2)) : '';
  };
  return { rows: [['', ...names], ...names.map((arm) => [arm, ...names.map((over) => cell(arm, over))])], words: [0] };
}

/** Sizes and speeds of the arms. */
export function costTable({ arms }: ComparisonReport): Table {
  const rows = arms.map(({ name, core, settings, parameters, multiplyAdds, width, cost }) => [
    name,
    grouped(parameters),
    multiplyAdds >= 1e6 ? `${(multiplyAdds / 1e6).toFixed(2)} M` : grouped(multiplyAdds),
    grouped(width),
    cost ? grouped(cost.stepsPerSecond) : nothing,
    cost ? cost.ratio.toFixed(2) : nothing,
    sizeWords(core, settings),
  ]);
  const header = ['arm', 'parameters', 'multiply-adds', 'width', 'steps/s', 'times the first', 'size'];
  return { rows: [header, ...rows], words: [0, 6] };
}

/** Sizes of the core and of the features, where arms differ in them. */
function sizeWords(core: string, settings: Readonly<Record<string, unknown>>): string {
  const sizes: Readonly<Record<string, readonly string[]>> = {
    rim: ['modules', 'units', 'active'],
    brim: ['layers'],
    lstm: ['hidden'],
    gru: ['hidden'],
  };
  const keys = [...(sizes[core] ?? []), 'features'].filter((key) => key in settings);
  return settingWords(Object.fromEntries(keys.map((key) => [key, settings[key]]))).join(', ');
}

/** Every run with its scores. */
export function runTable({ arms, scale }: ComparisonReport): Table {
  const rows = arms.flatMap(({ name, runs }) =>
    runs.map((run) => [
      ...[name, run.game, `${run.seed}`, score(run.score), score(run.training)],
      ...(scale === 'human' ? [score(run.scaled)] : []),
      run.path,
    ]),
  );
  const header = [
    'arm',
    'game',
    'seed',
    'score',
    'last 100 of training',
    ...(scale === 'human' ? ['human-normalised'] : []),
    'run',
  ];
  return { rows: [header, ...rows], words: [0, 1, header.length - 1] };
}
