import { UserError } from '../errors.ts';
import type { Reference } from './curve-picture.ts';
import { bestMean } from '../report/learning-curve.ts';
import { memoryCurve, memoryGrowth } from '../report/memory-growth.ts';
import { shareCurve } from '../report/module-shares.ts';
import type { RunData } from '../report/run-data.ts';
import { memoryTable, scoreTable } from '../report/run-tables.ts';

/** One kind of curve: what it asks of a run, and what is made of it. */
interface CurveKind {
  /** @throws UserError if the run has nothing to show yet */
  readonly check: (run: RunData) => void;
  /** As SVG. The drawing library takes a second to load: only who asks for a picture waits. */
  readonly picture: (runs: readonly RunData[], references: readonly Reference[]) => Promise<string>;
  readonly title: string;
  readonly table: (runs: readonly RunData[]) => string[][];
  readonly json: (run: RunData) => object;
}

export const curveKinds: Readonly<Record<'scores' | 'memory', CurveKind>> = {
  scores: {
    check: ({ path, episodes }) => {
      if (episodes.length === 0)
        throw new UserError(`${path} has no finished game yet, so there is no curve; wait, or take another run`);
    },
    picture: async (runs, references) => (await import('./curve-picture.ts')).curvePicture(runs, references),
    title: 'mean score of the last 100 games',
    table: scoreTable,
    json: ({ curve, episodes }) => ({
      games: episodes.length,
      final: curve.at(-1)?.meanScore,
      best: bestMean(curve),
      curve,
      shares: shareCurve(episodes),
    }),
  },
  memory: {
    check: ({ path, metrics }) => {
      if (metrics.length === 0)
        throw new UserError(`${path} has no update yet, so there is no curve; wait, or take another run`);
    },
    picture: async (runs) => (await import('./memory-picture.ts')).memoryPicture(runs),
    title: 'resident memory: medians over tenths of the updates after the first minute',
    table: memoryTable,
    json: ({ metrics, resumes }) => ({ growth: memoryGrowth(metrics, resumes), curve: memoryCurve(metrics) }),
  },
};
