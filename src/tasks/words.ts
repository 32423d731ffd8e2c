import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { EvaluatedSet, TaskResult } from '../runs/task-lines.ts';
import { figure } from '../view/task-view.ts';
import type { Task } from './task.ts';

/** Name and summary of each task, in two columns. */
export function tasksTable(tasks: readonly Pick<Task, 'name' | 'summary'>[]): string {
  const width = Math.max(...tasks.map(({ name }) => name.length));
  return tasks.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n');
}

/**
 * What the selected networks reached on the sets that were held back, a line for each selection and set: means over
 * the results, with the standard deviation over seeds where there are several.
 */
export function seedsTable(results: readonly TaskResult[]): string {
  const [first] = results;
  if (!first) return '';
  const rows = Object.entries(first.selections).flatMap(([selection, { tests }]) =>
    Object.keys(tests).map((set) => {
      const evaluated = results.map(({ selections }) => selections[selection]?.tests[set] as EvaluatedSet);
      const names = Object.keys(evaluated[0]?.metrics ?? {});
      const cells = names.flatMap((name) => {
        const values = evaluated.map(({ metrics }) => metrics[name]);
        return values.every((value) => typeof value === 'number') ? [`${name} ${meanAndDeviation(values)}`] : [];
      });
      return [set, ...cells, `(selected by ${selection})`];
    }),
  );
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...(results.length > 1 ? [`${results.length} seeds, mean and standard deviation`] : []), ...lines].join('\n');
}

/** "0.1234" of one value, "0.1234 ± 0.0021" of several. */
function meanAndDeviation(values: readonly number[]): string {
  const all = [...values];
  return all.length > 1 ? `${figure(mean(all))} ± ${figure(sampleStandardDeviation(all))}` : figure(mean(all));
}
