import { humanNormalised, type Variant } from '../statistics/human-scores.ts';
import type { ComparisonReport } from './report/schema.ts';

/** How scores of several games are put together. */
export interface Scaling {
  readonly scale: ComparisonReport['scale'];
  /** A game's score on that scale. */
  readonly of: (game: string, score: number) => number;
  /** The human-normalised score; undefined where not every game has a human's. */
  readonly human: ((game: string, score: number) => number) | undefined;
}

/**
 * Of one game as it scores; of several human-normalised, if all of them have a human's score.
 * @param variants that the games are played in
 */
export function scalingOf(games: readonly string[], variants: readonly Variant[]): Scaling {
  const raw = (_game: string, score: number): number => score;
  const known = games.every((game) => variants.every((variant) => humanNormalised(game, 0, variant) !== undefined));
  const human = known ? (game: string, score: number): number => humanNormalised(game, score) as number : undefined;
  if (games.length === 1) return { scale: 'raw', of: raw, human };
  return human ? { scale: 'human', of: human, human } : { scale: 'none', of: raw, human };
}
