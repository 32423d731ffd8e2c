import { max, median, min } from 'simple-statistics';
import { duration, grouped, score, shortNumber } from '../text/words.ts';
import { bestMean, roundSteps, valueAt } from './learning-curve.ts';
import { memoryCurve, memoryGrowth } from './memory-growth.ts';
import type { RunData } from './run-data.ts';
import { nameParts } from './run-names.ts';

/** Stands where there is nothing to tell, such as a score at a step that a run did not reach. */
const nothing = '–';

/**
 * A row per run, after a heading: mean score of the last 100 games at round agent steps and at the run's own end, the
 * best of these means, games, agent steps, and speed.
 */
export function scoreTable(runs: readonly RunData[]): string[][] {
  const steps = roundSteps(Math.max(...runs.map(({ agentSteps }) => agentSteps)));
  return [
    ['run', ...steps.map(shortNumber), 'end', 'best', 'games', 'agent steps', 'steps/s', 'time'],
    ...runs.map(({ name, curve, metrics, agentSteps, plannedSteps, episodes }) => [
      name,
      ...steps.map((step) => (step > agentSteps ? nothing : score(valueAt(curve, step)))),
      score(curve.at(-1)?.meanScore ?? null),
      score(bestMean(curve)),
      grouped(episodes.length),
      agentSteps < plannedSteps ? `${grouped(agentSteps)} of ${grouped(plannedSteps)}` : grouped(agentSteps),
      speed(metrics.flatMap(({ stepsPerSecond }) => stepsPerSecond ?? [])),
      duration(metrics.at(-1)?.seconds ?? 0),
    ]),
  ];
}

function speed(perUpdate: readonly number[]): string {
  return perUpdate.length > 0 ? grouped(median([...perUpdate])) : nothing;
}

/** A row per run, after a heading: resident memory in MiB, how it grew, and the number of tensors. */
export function memoryTable(runs: readonly RunData[]): string[][] {
  return [
    [
      ...['run', 'agent steps', 'MiB after 1 minute', 'halfway', 'at the end', 'growth', 'since halfway'],
      ...['largest', 'tensors'],
    ],
    ...runs.map(({ name, metrics, resumes }) => {
      const found = memoryGrowth(metrics, resumes);
      const resident = memoryCurve(metrics).map(({ bytes }) => bytes);
      return [
        name,
        ...(found
          ? [
              `${grouped(found.fromStep)} to ${grouped(found.toStep)}`,
              ...[found.first, found.middle, found.last].map(mebibytes),
              ...[found.growth, found.laterGrowth].map(percent),
            ]
          : Array<string>(6).fill(nothing)),
        resident.length > 0 ? mebibytes(max(resident)) : nothing,
        tensors(metrics.flatMap(({ memory }) => memory['tensors'] ?? [])),
      ];
    }),
  ];
}

function mebibytes(bytes: number): string {
  return grouped(bytes / 2 ** 20);
}

/** With its sign, such as "+0.3 %". */
function percent(share: number): string {
  const text = Math.abs(100 * share).toFixed(1);
  return text === '0.0' ? '0.0 %' : `${share > 0 ? '+' : '−'}${text} %`;
}

/** One number, or the smallest and the largest. */
function tensors(alive: readonly number[]): string {
  if (alive.length === 0) return nothing;
  return [...new Set([min([...alive]), max([...alive])])].map(grouped).join(' to ');
}

/**
 * A table of runs, a row each after the heading, for a terminal: there each run is a column, as it is narrow, with its
 * name in several lines.
 */
export function terminalTable([header = [], ...runs]: readonly (readonly string[])[]): string {
  const names = runs.map(([name = '']) => nameParts(name));
  const height = Math.max(...names.map(({ length }) => length));
  const columns = [
    [...Array.from({ length: height }, () => ''), ...header.slice(1)],
    ...runs.map((cells, i) => [
      ...Array.from({ length: height }, (_, row) => names[i]?.[row] ?? ''),
      ...cells.slice(1),
    ]),
  ];
  const widths = columns.map((column) => Math.max(...column.map(({ length }) => length)));
  const rows = Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
    columns.map((column, i) => (column[row] ?? '').padStart(widths[i] ?? 0)).join('  '),
  );
  return rows.map((row) => row.trimEnd()).join('\n');
}
