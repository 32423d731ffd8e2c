import { evaluateInto } from '../evaluate/evaluate-into.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { resultsFolder } from '../evaluate/results-folder.ts';
import { evaluationSettings } from '../evaluate/settings.ts';
import { evaluationText } from '../evaluate/words.ts';
import { checked } from '../settings/checked.ts';
import { CountedProgress } from '../view/counted.ts';
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
  const found = (evaluation: Evaluation): void =>
    json ? void process.stdout.write(`${JSON.stringify(evaluation, null, 2)}\n`) : say(evaluationText(evaluation));
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort());
  try {
    const wanted = { path, settings, command: typed('evaluate'), record: video !== false };
    const done = await evaluateInto(folder, wanted, { signal: stop.signal, say, progress, found });
    if (!done) (json ? process.stderr : process.stdout).write('Stopped: nothing was written\n');
  } finally {
    forget();
  }
});
