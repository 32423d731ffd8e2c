import { join } from 'node:path';
import { claim, release } from '../runs/claim.ts';
import { makeFolder, removeEmptyFolders, requireWritable } from '../runs/disk.ts';
import { score } from '../text/words.ts';
import { type Evaluating, evaluateAgent } from './evaluate.ts';
import { type Evaluation, evaluationFile, writeEvaluation } from './evaluation.ts';
import { removeVideos, type Telling, writeVideos } from './video/write-videos.ts';

interface Listening extends Telling {
  /** Gets the results before they are written, for the disk may be full by then. */
  readonly found: (evaluation: Evaluation) => void;
}

/**
 * Evaluates an agent, and leaves evaluation.json and, where games are recorded, videos in a folder. What is wrong with
 * the folder is told before hours of play; one that was made for it goes again if nothing came of it.
 * @returns whether there are results; none once the signal is aborted before the last game has ended
 * @throws UserError as {@link evaluateAgent}, where the folder cannot be written, or another process evaluates into it
 */
export async function evaluateInto(
  folder: string,
  wanted: Omit<Evaluating, 'finished' | 'signal'>,
  { found, ...told }: Listening,
): Promise<boolean> {
  const { signal, say, progress } = told;
  const [file, claimed] = [join(folder, evaluationFile), join(folder, 'evaluation.pid')];
  const made = makeFolder(folder);
  try {
    requireWritable(file);
    claim(claimed, 'an evaluation there');
    try {
      const games = progress('games', wanted.settings.episodes);
      const finished = (game: { readonly score: number }): void => games.next(`last score ${score(game.score)}`);
      const evaluated = await evaluateAgent({ ...wanted, finished, signal }).finally(() => games.close());
      if (!evaluated) return false;
      found(evaluated.evaluation);
      writeEvaluation(file, evaluated.evaluation);
      say(`\nwrote ${file}`);
      removeVideos(folder); // they show games of another evaluation
      if (wanted.record) await writeVideos(folder, evaluated, told);
      return true;
    } finally {
      release(claimed);
    }
  } finally {
    removeEmptyFolders(made);
  }
}
