import { score } from '../../view/words.ts';
import type { Evaluated } from '../evaluate.ts';
import { gameVideo } from './game-video.ts';
import type { RecordedGame } from '../play.ts';
import { writeVideo } from './mp4.ts';

/** A game that is shown, and as what. */
export interface ShownGame {
  readonly as: 'best' | 'median' | 'worst';
  readonly played: RecordedGame;
}

/** The games with the highest, the middle and the lowest score; of equal ones the first, and each once. */
export function shownGames(games: readonly RecordedGame[]): ShownGame[] {
  const sorted = games.toSorted((a, b) => b.score - a.score || a.index - b.index);
  const chosen = [
    { as: 'best', place: 0 },
    { as: 'median', place: Math.floor((sorted.length - 1) / 2) },
    { as: 'worst', place: sorted.length - 1 },
  ] as const;
  return chosen
    .filter(({ place }, i) => chosen.findIndex((other) => other.place === place) === i)
    .map(({ as, place }) => ({ as, played: sorted[place] as RecordedGame }));
}

/**
 * Writes a video of one game of an evaluation on Atari.
 * @param drawn is told after each of its frames, of which there are one more than steps
 * @returns whether it was written; not once `signal` is aborted
 * @throws UserError if the file cannot be written, Error for another environment
 */
export async function writeGameVideo(
  file: string,
  { evaluation: { agent, game, games }, atari, modules }: Evaluated,
  { as, played }: ShownGame,
  told: { readonly drawn: () => void; readonly signal: AbortSignal },
): Promise<boolean> {
  if (!atari) throw new Error(`${game} has no screen`);
  const of = games.length > 1 ? `${as} of ${games.length} games` : 'the game';
  const video = await gameVideo({
    ...{ game, options: atari, played, modules },
    title: `${game} · ${agent.core}`,
    subtitle: `${of}, score ${score(played.score)}`,
  });
  return writeVideo(file, video, told);
}
