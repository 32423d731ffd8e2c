import { max, mean, median, min, sampleStandardDeviation } from 'simple-statistics';
import { Random } from '../../agents/random.ts';
import { interquartileMean } from '../statistics/aggregates.ts';
import { bootstrapInterval } from '../statistics/bootstrap.ts';
import type { Evaluation } from './evaluation.ts';
import { humanNormalised, type Variant } from '../statistics/human-scores.ts';
import type { PlayedGame } from './game.ts';

/** Draws of the bootstrap begin from this seed: the same scores have the same interval. */
const bootstrapSeed = 1;

/** Statistics of the scores of some games, at least one, of one agent. @param name of the game */
export function summarised(
  { name, ...variant }: { readonly name: string } & Variant,
  games: readonly Pick<PlayedGame, 'score' | 'steps' | 'truncated'>[],
  activation: Evaluation['summary']['activation'],
): Evaluation['summary'] {
  const scores = games.map(({ score }) => score);
  return {
    mean: mean(scores),
    median: median(scores),
    deviation: scores.length > 1 ? sampleStandardDeviation(scores) : null,
    lowest: min(scores),
    highest: max(scores),
    iqm: bootstrapInterval([scores], interquartileMean, { random: new Random(bootstrapSeed) }),
    humanNormalised: humanNormalised(name, mean(scores), variant) ?? null,
    meanSteps: mean(games.map(({ steps }) => steps)),
    truncated: games.filter(({ truncated }) => truncated).length,
    activation,
  };
}
