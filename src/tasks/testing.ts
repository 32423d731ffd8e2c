import * as tf from '@tensorflow/tfjs';
import { UserError } from '../errors.ts';
import type { EvaluatedSet, TaskResult } from '../runs/task-lines.ts';
import { readBest } from '../runs/task-run.ts';
import type { Experiment, PartParameters } from './task.ts';

/** What the selected networks do on the sets that were held back. */
export interface Tested {
  readonly selections: TaskResult['selections'];
  /** An example of what the first selected network does. */
  readonly sample: unknown;
}

/**
 * Tests each selected network on the sets that were held back.
 * @param path of the run folder, which holds the networks
 * @param bests per selection, the update of which its network must be
 * @param pause is awaited after each set, with how many are done of how many; false ends the tests
 * @returns nothing if they were ended
 * @throws UserError if a selection has no network
 */
export async function testSelected(
  experiment: Experiment,
  path: string,
  bests: Readonly<Record<string, { readonly update: number }>>,
  pause: (done: number, sets: number) => Promise<boolean>,
): Promise<Tested | undefined> {
  const selected = experiment.selections.map((selection) => {
    const { name, set, metric } = selection;
    const best = readBest(path, name);
    if (!best || best.update !== bests[name]?.update)
      throw new UserError(
        `${path} has no network to test: no evaluation gave a finite ${metric} of ${set}; ` +
          'take a smaller --learning-rate in a new run, or go on with more --updates',
      );
    return { ...selection, best };
  });
  const selections: TaskResult['selections'] = {};
  const tested = new Map<string, EvaluatedSet>(); // several selections may have chosen the same network
  const sets = selected.reduce((sum, { tests }) => sum + tests.length, 0);
  let done = 0;
  for (const { name, set, metric, tests, best } of selected) {
    const { update, value, parameters } = best;
    const figures: Record<string, EvaluatedSet> = {};
    for (const test of tests) {
      const key = `${update} ${test}`;
      const evaluated =
        tested.get(key) ?? withParameters(experiment, parameters, (own) => experiment.evaluate(own, test));
      tested.set(key, evaluated);
      figures[test] = evaluated;
      if (!(await pause(++done, sets))) return undefined;
    }
    selections[name] = { update, set, metric, value, tests: figures };
  }
  const [{ best }] = selected as [(typeof selected)[number]];
  return { selections, sample: withParameters(experiment, best.parameters, (own) => experiment.sample(own)) };
}

/** Does something with other parameters than those that are trained. */
function withParameters<T>({ layout }: Experiment, flat: Float32Array, work: (parameters: PartParameters) => T): T {
  const vector = tf.tensor1d(flat);
  const tensors = layout.split(vector);
  try {
    return work(layout.named(tensors));
  } finally {
    tf.dispose([vector, tensors]);
  }
}
