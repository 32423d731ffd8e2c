import { settingWords } from '../../settings/words.ts';
import { grouped, score } from '../../view/words.ts';
import type { ComparisonReport, ReportedArm } from './schema.ts';
import { withInterval } from '../verdict.ts';
import type { Block } from './blocks.ts';

const nothing = '–';

/** Pictures of a comparison as SVG, by name. */
export interface ReportPictures {
  readonly intervals: string;
  readonly curves: string;
  readonly profiles?: string | undefined;
  readonly modules?: string | undefined;
}

/** "rim, lstm and ff in Breakout" */
export function titleOf({ arms, games }: ComparisonReport): string {
  const names = arms.map(({ name }) => name);
  const listed = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${listed} in ${games.length > 4 ? `${games.length} games` : games.join(', ')}`;
}

/** The report from top to bottom: what matters first. */
export function sections(report: ComparisonReport, pictures: ReportPictures): Block[] {
  const { scale, measure, steps, bootstrap, notes, shared } = report;
  const picture = (name: keyof ReportPictures, text: string): Block[] => {
    const svg = pictures[name];
    return svg === undefined ? [] : [{ kind: 'picture', name, text, svg }];
  };
  return [
    { kind: 'text', text: report.verdict.sentence, strong: true },
    {
      kind: 'text',
      text:
        `Score of a run: ${measure}, after ${grouped(steps)} agent steps${scaleWords[scale]}. In brackets: 95 % ` +
        `intervals by the stratified bootstrap (${grouped(bootstrap.repetitions)} draws), as in rliable.`,
    },
    { kind: 'table', ...armTable(report) },
    ...picture('intervals', 'Each arm’s figures; the tick is the figure, the bar its interval.'),
    { kind: 'heading', text: 'Probability of improvement' },
    {
      kind: 'text',
      text: 'How likely a run of the arm on the left has a higher score than one of the arm above, in the same game.',
    },
    { kind: 'table', ...improvementTable(report) },
    { kind: 'heading', text: 'While learning' },
    ...picture('curves', 'Score against agent steps.'),
    ...(pictures.profiles === undefined
      ? []
      : [
          { kind: 'heading' as const, text: 'Performance profiles' },
          ...picture('profiles', 'Share of runs above each score.'),
        ]),
    { kind: 'heading', text: 'What it costs' },
    { kind: 'text', text: costWords(report) },
    { kind: 'table', ...costTable(report) },
    { kind: 'heading', text: 'Every run' },
    { kind: 'table', ...runTable(report) },
    ...moduleSection(report, picture('modules', 'A module’s line at 1: active in every step.')),
    { kind: 'heading', text: 'To bear in mind' },
    { kind: 'list', items: notes },
    { kind: 'heading', text: 'How it came about' },
    { kind: 'list', items: [`Compared by: ${report.command}`, ...shared] },
  ];
}

const scaleWords: Readonly<Record<ComparisonReport['scale'], string>> = {
  raw: '',
  human: '; put together over games as human-normalised scores, where a random player has 0 and a human 1',
  none: '; not every game has a human’s score: over all games there is only the probability of improvement',
};

type Table = Pick<Extract<Block, { kind: 'table' }>, 'rows' | 'words'>;

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

function costWords({ games, measured }: ComparisonReport): string {
  const size =
    `Of the whole network in ${games[0]}: parameters, multiply-adds of one agent step of one environment (of a RIM’s ` +
    'modules only the active ones step), width of what the core gives the heads.';
  const speed = measured
    ? 'Agent steps per second of training with all threads: the median of rounds in which the arms took turns, on ' +
      `${measured.processor}, whatever else it did, on ${measured.created.slice(0, 10)}.`
    : 'The speed was not measured.';
  return `${size} ${speed}`;
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

function runTable({ arms, scale }: ComparisonReport): Table {
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

function moduleSection({ arms }: ComparisonReport, picture: readonly Block[]): Block[] {
  const rows = arms.flatMap(({ modules }) =>
    modules.map(({ path, shares, entropy, swaps, neverChosen }) => [
      path,
      shares.map((share) => share.toFixed(2)).join(' '),
      entropy.toFixed(2),
      swaps.toFixed(2),
      neverChosen.join(' ') || 'none',
    ]),
  );
  if (rows.length === 0) return [];
  const header = ['run', 'share of steps of each module', 'entropy', 'swaps per step', 'never chosen'];
  return [
    { kind: 'heading', text: 'Modules' },
    { kind: 'text', text: 'In the last 100 games of each run; terms as in docs/run-folder.md.' },
    { kind: 'table', rows: [header, ...rows], words: [0, 1, 4] },
    ...picture,
  ];
}
