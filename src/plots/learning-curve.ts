import { type EpisodeLine, scoreWindow } from '../runs/index.ts';

/** The mean score of up to the last 100 games, after each game. */
export interface CurvePoint {
  readonly agentStep: number;
  readonly meanScore: number;
}

/** One point per finished game. */
export function learningCurve(episodes: readonly Pick<EpisodeLine, 'agentStep' | 'score'>[]): CurvePoint[] {
  return episodes.map(({ agentStep }, i) => {
    const window = episodes.slice(Math.max(0, i + 1 - scoreWindow), i + 1);
    return { agentStep, meanScore: window.reduce((sum, { score }) => sum + score, 0) / window.length };
  });
}

/** The mean at an agent step: that after the last game which had ended by then; null before the first. */
export function valueAt(curve: readonly CurvePoint[], agentStep: number): number | null {
  return curve.findLast((point) => point.agentStep <= agentStep)?.meanScore ?? null;
}

/** Shares of steps in which each module was active, over a stretch of games. */
export interface SharesPoint {
  /** Agent step at which the stretch ends. */
  readonly agentStep: number;
  readonly shares: readonly number[];
}

/**
 * Modules' shares over time: games in order are put into stretches of equal numbers, at most `points` of them, and each
 * game counts by its steps. Empty for a run whose core has no modules.
 */
export function shareCurve(episodes: readonly EpisodeLine[], points: number): SharesPoint[] {
  const games = episodes.flatMap(({ agentStep, steps, activation }) =>
    activation && 'shares' in activation ? [{ agentStep, steps, shares: activation.shares }] : [],
  );
  const length = Math.ceil(games.length / points);
  const count = length > 0 ? Math.ceil(games.length / length) : 0;
  return Array.from({ length: count }, (_, i) => {
    const stretch = games.slice(i * length, (i + 1) * length);
    const steps = stretch.reduce((sum, game) => sum + game.steps, 0);
    const modules = stretch[0]?.shares.length ?? 0;
    const shares = Array.from({ length: modules }, (_, module) =>
      stretch.reduce((sum, game) => sum + ((game.shares[module] ?? 0) * game.steps) / steps, 0),
    );
    return { agentStep: stretch.at(-1)?.agentStep ?? 0, shares };
  });
}
