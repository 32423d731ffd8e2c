import type { EpisodeLine } from '../runs/index.ts';

/** Shares of steps in which each module was active, over a stretch of games. */
export interface SharesPoint {
  /** Agent step at which the stretch ends. */
  readonly agentStep: number;
  readonly shares: readonly number[];
}

/** Most points of a curve. */
const points = 100;

/**
 * Modules' shares over time: games in order are put into stretches of equal numbers. Empty for a run whose core has no
 * modules.
 */
export function shareCurve(episodes: readonly EpisodeLine[]): SharesPoint[] {
  const games = episodes.filter(({ activation }) => activation && 'shares' in activation);
  const length = Math.ceil(games.length / points);
  const count = length > 0 ? Math.ceil(games.length / length) : 0;
  return Array.from({ length: count }, (_, i) => {
    const stretch = games.slice(i * length, (i + 1) * length);
    return { agentStep: stretch.at(-1)?.agentStep ?? 0, shares: meanShares(stretch) };
  });
}

/** Modules' shares over games, each of which counts by its steps. Empty without games, or without modules. */
export function meanShares(episodes: readonly EpisodeLine[]): number[] {
  const games = episodes.flatMap(({ steps, activation }) =>
    activation && 'shares' in activation ? [{ steps, shares: activation.shares }] : [],
  );
  const total = games.reduce((sum, { steps }) => sum + steps, 0);
  return (games[0]?.shares ?? []).map((_, module) =>
    games.reduce((sum, { steps, shares }) => sum + ((shares[module] ?? 0) * steps) / total, 0),
  );
}
