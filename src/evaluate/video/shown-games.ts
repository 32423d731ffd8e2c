import type { PlayedGame } from '../game.ts';

/** What games are shown as. */
export const showings = ['best', 'median', 'worst'] as const;

/** A game that is shown, and as what. */
export interface ShownGame {
  readonly as: (typeof showings)[number];
  readonly played: PlayedGame;
}

/** The games with the highest, the middle and the lowest score; of equal ones the first, and each once. */
export function shownGames(games: readonly PlayedGame[]): ShownGame[] {
  const sorted = games.toSorted((a, b) => b.score - a.score || a.index - b.index);
  const places = { best: 0, median: Math.floor((sorted.length - 1) / 2), worst: sorted.length - 1 };
  return showings
    .filter((as, i) => showings.findIndex((other) => places[other] === places[as]) === i)
    .map((as) => ({ as, played: sorted[places[as]] as PlayedGame }));
}
