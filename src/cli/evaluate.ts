import { join } from 'node:path';
import { evaluateAgent } from '../evaluate/evaluate.ts';
import { writeEvaluation } from '../evaluate/evaluation.ts';
import { resultsFolder } from '../evaluate/results-folder.ts';
import { evaluationSettings } from '../evaluate/settings.ts';
import { removeVideos, writeVideos } from '../evaluate/video/write-videos.ts';
import { evaluationText } from '../evaluate/words.ts';
import { claim, release } from '../runs/claim.ts';
import { makeFolder, removeEmptyFolders, requireWritable } from '../runs/disk.ts';
import { CountedProgress } from '../view/counted.ts';
import { score } from '../text/words.ts';
import { checked } from '../settings/checked.ts';
import { addFlags, parse } from './flags.ts';
import { command, onInterrupt, runCommand, typed } from './main.ts';

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
  const settings = checked(evaluationSettings, given);
  const [path] = parser.args as [string];
  const folder = out ?? resultsFolder(path);
  const say = (text: string): void => void (json || process.stdout.write(`${text}\n`));
  const progress = (what: string, total: number) =>
    json ? { next: () => undefined, close: () => undefined } : new CountedProgress(what, total);
  const stop = new AbortController();
  let made: readonly string[] = [];
  let claimed: string | undefined;
  const forget = onInterrupt(() => stop.abort());
  try {
    made = makeFolder(folder); // what is wrong with it is told before hours of play
    const file = join(folder, 'evaluation.json');
    requireWritable(file);
    const own = join(folder, 'evaluation.pid');
    claim(own, 'an evaluation there');
    claimed = own;
    const games = progress('games', settings.episodes);
    const evaluated = await evaluateAgent({
      path,
      settings,
      command: typed('evaluate'),
      record: video !== false,
      finished: (game) => games.next(`last score ${score(game.score)}`),
      signal: stop.signal,
    }).finally(() => games.close());
    if (!evaluated) return void (json ? process.stderr : process.stdout).write('Stopped: nothing was written\n');
    if (json) process.stdout.write(`${JSON.stringify(evaluated.evaluation, null, 2)}\n`);
    say(evaluationText(evaluated.evaluation)); // first, for the disk may be full by now
    writeEvaluation(file, evaluated.evaluation);
    say(`\nwrote ${file}`);
    removeVideos(folder); // they show games of another evaluation
    if (video !== false) await writeVideos(folder, evaluated, { signal: stop.signal, progress, say });
  } finally {
    if (claimed !== undefined) release(claimed);
    removeEmptyFolders(made); // such as of an agent that was refused
    forget();
  }
});
