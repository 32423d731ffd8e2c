import { accessSync, constants, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { evaluateAgent, type Evaluated } from '../evaluate/evaluate.ts';
import { writeEvaluation } from '../evaluate/evaluation.ts';
import { evaluationSettings } from '../evaluate/settings.ts';
import { type ShownGame, shownGames, writeGameVideo } from '../evaluate/video/shown-games.ts';
import { evaluationText } from '../evaluate/words.ts';
import { makeFolder, onDisk, removeEmptyFolders } from '../runs/disk.ts';
import { CountedProgress } from '../view/counted.ts';
import { score } from '../view/words.ts';
import { addFlags, parse, resolve } from './flags.ts';
import { command, onInterrupt, runCommand } from './main.ts';

interface Where {
  readonly out?: string;
  readonly video?: boolean;
  readonly json?: boolean;
}

await runCommand(async () => {
  const parser = addFlags(
    command(
      'evaluate',
      'Plays whole games with a frozen agent: scores, statistics, activity of the modules, and videos of the best, ' +
        'the median and the worst game.',
    )
      .argument('<agent>', 'folder of a run or of a bundle, or an ONNX file')
      .option('--out <dir>', 'where evaluation.json and the videos go (default: that of the agent)')
      .option('--no-video', 'no videos')
      .option('--json', 'print evaluation.json, and nothing else'),
    evaluationSettings,
  );
  const { out, video, json, ...given } = parse(parser, process.argv.slice(2)) as Where & Record<string, unknown>;
  const settings = resolve(evaluationSettings, given);
  const [path] = parser.args as [string];
  const folder = out ?? folderOf(path);
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort());
  const progress = (what: string, total: number) =>
    json ? undefined : new CountedProgress(what, total, process.stdout);
  try {
    const made = makeFolder(folder); // what is wrong with it is told before hours of play
    onDisk(`write into ${folder}`, () => accessSync(folder, constants.W_OK));
    const games = progress('games', settings.episodes);
    const evaluated = await evaluateAgent({
      ...{ path, settings, command: ['npm run evaluate --', ...process.argv.slice(2)].join(' '), signal: stop.signal },
      finished: (game) => games?.next(`last score ${score(game.score)}`),
    }).finally(() => games?.close());
    if (!evaluated) {
      removeEmptyFolders(made);
      return void (json ? process.stderr : process.stdout).write('Stopped: nothing was written\n');
    }
    removeVideos(folder); // they show games of another evaluation
    const file = join(folder, 'evaluation.json');
    writeEvaluation(file, evaluated.evaluation);
    if (json) process.stdout.write(`${JSON.stringify(evaluated.evaluation, null, 2)}\n`);
    else process.stdout.write(`${evaluationText(evaluated.evaluation)}\n\nwrote ${file}\n`);
    const told = (text: string): void => void (json || process.stdout.write(`${text}\n`));
    if (video !== false) await writeVideos(folder, evaluated, { signal: stop.signal, progress, say: told });
  } finally {
    forget();
  }
});

interface Telling {
  readonly signal: AbortSignal;
  /** Of work that is counted; undefined where nothing is to be told. */
  readonly progress: (what: string, total: number) => CountedProgress | undefined;
  readonly say: (text: string) => void;
}

async function writeVideos(folder: string, evaluated: Evaluated, { signal, progress, say }: Telling): Promise<void> {
  if (!evaluated.atari) return say(`no videos: ${evaluated.evaluation.game} has no screen`);
  for (const shown of shownGames(evaluated.games)) {
    const frames = progress(`frames of the ${shown.as} game`, shown.played.steps + 1);
    const file = videoFile(folder, shown.as);
    const written = await writeGameVideo(file, evaluated, shown, { drawn: () => frames?.next(), signal }).finally(() =>
      frames?.close(),
    );
    if (!written) return say('Stopped: the other videos were not written');
    say(`wrote ${file}`);
  }
}

function videoFile(folder: string, as: ShownGame['as']): string {
  return join(folder, `evaluation-${as}.mp4`);
}

function removeVideos(folder: string): void {
  for (const as of ['best', 'median', 'worst'] as const) rmSync(videoFile(folder, as), { force: true });
}

/** @throws UserError where there is nothing */
function folderOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UserError(`no folder or file ${path}; run folders lie in runs/`);
  return found.isFile() ? dirname(path) : path;
}
