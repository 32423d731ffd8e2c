import { grouped } from '../../text/words.ts';
import type { ComparisonReport } from './schema.ts';
import type { Block } from './blocks.ts';
import { armTable, costTable, improvementTable, runTable } from './tables.ts';

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
