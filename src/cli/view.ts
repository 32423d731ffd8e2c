import { readConfig, readMetrics } from '../runs/index.ts';
import { UserError } from '../errors.ts';
import { writePicture } from '../plots/picture-file.ts';
import { viewPicture } from '../view/picture.ts';
import { type Heading, type Progress, progressLines, progressText } from '../view/progress.ts';
import { Speedometer } from '../view/speedometer.ts';
import { runTitle } from '../text/words.ts';
import { command, runCommand } from './main.ts';

/** Width of the picture in characters of a terminal. */
const columns = 80;

await runCommand(async () => {
  const program = command('view', 'Shows how far a run is, from its folder: what its live view shows, or showed.')
    .argument('<run>', 'run folder')
    .option('--step <step>', 'as it was at this agent step (default: the newest)', wholeNumber)
    .option('--out <file>', 'draw the live view into this file, .svg or .png')
    .parse();
  const { step, out } = program.opts<{ step?: number; out?: string }>();
  const { heading, progress, speed } = readProgress(program.args[0] as string, step);
  if (out === undefined)
    return void process.stdout.write(`${heading.title}: ${progressText(heading, progress, speed)}\n`);
  await writePicture(out, viewPicture(progressLines(heading, progress, speed, columns), columns));
  process.stdout.write(`wrote ${out}\n`);
});

function readProgress(path: string, step = Infinity): { heading: Heading; progress: Progress; speed: number | null } {
  const { options } = readConfig(path);
  const metrics = readMetrics(path).filter(({ agentStep }) => agentStep <= step);
  const last = metrics.at(-1);
  if (!last)
    throw new UserError(
      `${path} has no update${step < Infinity ? ` up to agent step ${step}` : ' yet'}; wait, or take another run`,
    );
  const speedometer = new Speedometer();
  const speed = metrics.reduce<number | null>((_, metric) => speedometer.add(sample(metric)), null);
  const totalSteps = Math.max(Number(options['steps'] ?? 0), last.agentStep);
  return { heading: { title: runTitle(options), path, totalSteps }, progress: last, speed };
}

function sample({ agentStep, seconds, stepsPerSecond }: Progress): Parameters<Speedometer['add']>[0] {
  return { done: agentStep, seconds, speed: stepsPerSecond };
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text))
    throw new UserError(`--step ${text} is not a whole number from 0; give an agent step such as 100000`);
  return Number(text);
}
