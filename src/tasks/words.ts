import { mean, sampleStandardDeviation } from 'simple-statistics';
import type { EvaluatedSet, TaskResult } from '../runs/task-lines.ts';
import { alignedRows } from '../text/columns.ts';
import { meanAndDeviation } from '../view/task-view.ts';

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
        if (!values.every((value) => typeof value === 'number')) return [];
        const deviation = values.length > 1 ? sampleStandardDeviation(values) : null;
        return [`${name} ${meanAndDeviation(mean(values), deviation)}`];
      });
      return [set, ...cells, `(selected by ${selection})`];
    }),
  );
  const heading = results.length > 1 ? [`${results.length} seeds, mean and standard deviation`] : [];
  return [...heading, ...alignedRows(rows)].join('\n');
}
