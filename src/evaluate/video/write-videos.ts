import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { score } from '../../text/words.ts';
import type { Evaluated } from '../evaluate.ts';
import { gamePictures } from './game-pictures.ts';
import { gameVideo } from './game-video.ts';
import { writeVideo } from './mp4.ts';
import { type ShownGame, showings, shownGames } from './shown-games.ts';

/** How the one who evaluates is told of it, and stops it. */
export interface Telling {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  /** Begins to tell of work that is counted. */
  readonly progress: (what: string, total: number) => { next(note?: string): void; close(): void };
}

/**
 * Writes videos of the best, the median and the worst game of an evaluation on Atari, whose games are recorded.
 * @throws UserError if one cannot be written
 */
export async function writeVideos(folder: string, evaluated: Evaluated, told: Telling): Promise<void> {
  const { signal, say, progress } = told;
  if (!evaluated.atari) return say(`no videos: ${evaluated.evaluation.game} has no screen`);
  for (const shown of shownGames(evaluated.games)) {
    const frames = progress(`frames of the ${shown.as} game`, shown.played.steps + 1);
    const file = videoFile(folder, shown.as);
    try {
      if (!(await writeGameVideo(file, evaluated, shown, { drawn: () => frames.next(), signal })))
        return say('Stopped: the other videos were not written');
    } finally {
      frames.close();
    }
    say(`wrote ${file}`);
  }
}

/** Removes those of an older evaluation. */
export function removeVideos(folder: string): void {
  for (const as of showings) rmSync(videoFile(folder, as), { force: true });
}

function videoFile(folder: string, as: ShownGame['as']): string {
  return join(folder, `evaluation-${as}.mp4`);
}

/**
 * Writes a video of one game.
 * @param drawn is told after each of its frames, of which there are one more than steps
 * @returns whether it was written; not once `signal` is aborted
 */
async function writeGameVideo(
  file: string,
  { evaluation: { agent, game, games }, atari, modules }: Evaluated,
  { as, played: { seed, score: points, recording } }: ShownGame,
  told: { readonly drawn: () => void; readonly signal: AbortSignal },
): Promise<boolean> {
  if (!atari || !recording) throw new RangeError(`the game of ${game} with seed ${seed} was not recorded`);
  const pictures = gamePictures(game, atari, { seed, score: points, actions: recording.actions });
  try {
    const of = games.length > 1 ? `${as} of ${games.length} games` : 'the game';
    const video = await gameVideo(pictures, 60 / atari.frameSkip, {
      title: `${game} · ${agent.core}`,
      subtitle: `${of}, score ${score(points)}`,
      modules,
      active: recording.active,
    });
    return await writeVideo(file, video, told);
  } finally {
    await pictures.return(undefined); // the emulator is closed, wherever the game stands
  }
}
