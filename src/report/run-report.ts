import { shortNumber } from '../text/words.ts';
import { roundSteps } from './learning-curve.ts';
import { meanShares } from './module-shares.ts';
import type { RunData } from './run-data.ts';
import { factList, runFacts } from './run-facts.ts';
import { memoryTable, scoreTable } from './run-tables.ts';
import { markdownTable } from '../text/markdown-table.ts';

/** Pictures of the same runs, by their paths relative to the report. */
export interface ReportPictures {
  readonly scores: string;
  readonly memory: string;
}

/** What stands above the tables. */
const explained = {
  scores: `Mean score of the last 100 games, at round numbers of agent steps and at the end of the run; \`best\` is the
best of these means over a hundred games. \`steps/s\` is the median over the updates, whatever else the machine did.`,
  lengths: `These runs are planned for different numbers of steps, and each lets its learning rate fall to 0 over its
own: at equal steps they do not learn with the same rate.`,
  memory: `Resident memory of the process (of a resumed run, the last) from the end of its first minute on. The three
values are medians: over the first tenth of the updates since then, the tenth after the middle, and the last tenth.
Growth compares the last with the first, and with the middle. The largest value is that after any update of the whole
run, and so is the number of tensors alive.`,
};

/**
 * What runs show, in Markdown: scores and memory of all of them side by side, how they came
 * about, and then for each the modules' shares over time, and how much gradient each parameter of the core got.
 */
export function runReport(runs: readonly RunData[], pictures?: ReportPictures): string {
  const { shared, own } = runFacts(runs);
  const several = runs.length > 1;
  const picture = (text: string, path: string | undefined): string[] =>
    path === undefined ? [] : [`![${text}](${path})`];
  return [
    several ? '## Scores, side by side' : '## Scores',
    ...picture('Mean score of the last 100 games, and the modules’ shares, against agent steps', pictures?.scores),
    explained.scores,
    ...lengths(runs),
    markdownTable(scoreTable(runs)),
    several ? 'All these runs share this; what differs stands with each run:' : 'How the run came about:',
    factList(shared),
    '## Memory',
    ...picture('Resident memory against agent steps', pictures?.memory),
    explained.memory,
    markdownTable(memoryTable(runs)),
    ...runs.flatMap((run, i) => [`## ${run.name}`, factList(own[i] ?? []), moduleShares(run), gradients(run)]),
  ]
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}

/** What must be known to compare runs at equal steps. */
function lengths(runs: readonly RunData[]): string[] {
  const planned = new Set(runs.map(({ plannedSteps }) => plannedSteps));
  if (planned.size <= 1 || !runs.some(({ config }) => config.options['anneal'] === true)) return [];
  return [explained.lengths];
}

/** Each module's share of steps in the games that ended in each stretch. */
function moduleShares({ episodes, agentSteps }: RunData): string {
  if (episodes.length === 0) return 'No finished game yet.';
  const modules = meanShares(episodes);
  if (modules.length === 0) return '';
  const steps = roundSteps(agentSteps);
  const columns = steps.map((to, i) => {
    const from = steps[i - 1] ?? 0;
    return meanShares(episodes.filter(({ agentStep }) => agentStep > from && agentStep <= to));
  });
  return [
    'Share of steps in which each module was active, in the games that ended in the stretch up to each agent step:',
    '',
    markdownTable([
      ['module', ...steps.map(shortNumber)],
      ...modules.map((_, module) => [`${module}`, ...columns.map((shares) => shares[module]?.toFixed(2) ?? '–')]),
    ]),
  ].join('\n');
}

/** Smallest and largest norm over all checkpoints of the gradient with respect to each parameter of the core. */
function gradients({ gradientNorms: all }: RunData): string {
  if (all.length === 0) return 'No checkpoint after an update yet.';
  const names = Object.keys(all[0] ?? {}).filter((name) => name.startsWith('core.'));
  if (names.length === 0) return "No parameter is the core's own.";
  const row = (of: (...norms: number[]) => number): string[] =>
    names.map((name) => of(...all.map((norms) => norms[name] ?? NaN)).toExponential(1));
  return [
    `Norm of the gradient with respect to each parameter of the core, at ${all.length} checkpoints:`,
    '',
    markdownTable([
      ['', ...names.map((name) => name.replace('core.', ''))],
      ['smallest', ...row(Math.min)],
      ['largest', ...row(Math.max)],
    ]),
  ].join('\n');
}
