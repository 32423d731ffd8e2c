import { learningCurve, shareCurve, valueAt } from './learning-curve.ts';
import { readConfig, readEpisodes, readGradientNorms, readMetrics } from '../runs/index.ts';
import { duration, grouped, score } from '../view/words.ts';

/** Stretches of a run that get a row each. */
const rows = 10;
/**
 * What a run shows, in Markdown, from its files alone: how it came about, scores and modules' shares over time, speed,
 * memory, and how much gradient each parameter of the core got.
 * @throws UserError if a file is missing or damaged
 */
export function runReport(path: string): string {
  const { options, command, created, environment, parameters, versions, processor } = readConfig(path);
  const text = (name: string): string => String(options[name]);
  const { model, cores, memoryBytes, platform } = processor;
  const gibibytes = Math.round(memoryBytes / 2 ** 30);
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${text('game')}, ${text('core')}, seed ${text('seed')}`,
    '',
    `- Command: \`${command}\`, begun ${created.slice(0, 10)}`,
    `- Preprocessing: ${environment.recipe}`,
    `- Network: ${grouped(parameters)} parameters`,
    `- Machine: ${model}, ${cores} cores, ${gibibytes} GiB, ${platform}; ${text('threads')} threads`,
    `- Software: ${software.join(', ')}`,
    '',
    scores(path),
    '',
    course(path),
    '',
    gradients(path),
  ].join('\n');
}

/** Mean score of the last 100 games, and each module's share of steps, at the end of each stretch. */
function scores(path: string): string {
  const episodes = readEpisodes(path);
  if (episodes.length === 0) return 'No finished game yet.';
  const curve = learningCurve(episodes);
  const shares = shareCurve(episodes, rows);
  const end = curve.at(-1)?.agentStep ?? 0;
  const modules = shares[0]?.shares.length ?? 0;
  const lines = Array.from({ length: rows }, (_, i) => {
    const step = Math.round((end * (i + 1)) / rows);
    const at = shares.findLast(({ agentStep }) => agentStep <= step)?.shares ?? [];
    return [grouped(step), score(valueAt(curve, step)), ...at.map((share) => share.toFixed(2))];
  });
  const head = [
    'agent steps',
    'mean score of the last 100 games',
    ...Array.from({ length: modules }, (_, m) => `share of module ${m}`),
  ];
  return table(head, lines);
}

/** Speed and memory. */
function course(path: string): string {
  const metrics = readMetrics(path);
  const last = metrics.at(-1);
  if (!last) return 'No update yet.';
  const memory = metrics.map((line) => line.memory.rssBytes);
  const at = (share: number): string =>
    `${((memory[Math.ceil(share * memory.length) - 1] ?? NaN) / 2 ** 20).toFixed(0)} MiB`;
  const tensors = new Set(metrics.map((line) => line.memory.tensors));
  return [
    `${grouped(last.games)} games in ${grouped(last.agentStep)} agent steps and ${duration(last.seconds)}.`,
    `Memory of the process after a tenth of the run: ${at(0.1)}, after half: ${at(0.5)}, at the end: ${at(1)};`,
    `tensors alive after an update: ${[...tensors].join(', ')}.`,
  ].join(' ');
}

/** Smallest and largest norm over all checkpoints of the gradient with respect to each parameter of the core. */
function gradients(path: string): string {
  const all = readGradientNorms(path);
  if (all.length === 0) return 'No checkpoint after an update yet.';
  const names = Object.keys(all[0] ?? {}).filter((name) => name.startsWith('core.'));
  if (names.length === 0) return "No parameter is the core's own.";
  const lines = names.map((name) => {
    const norms = all.map((norms) => norms[name] ?? NaN);
    return [`\`${name}\``, Math.min(...norms).toExponential(1), Math.max(...norms).toExponential(1)];
  });
  return [
    `Norm of the gradient with respect to each parameter of the core, at ${all.length} checkpoints:`,
    '',
    table(['parameter', 'smallest', 'largest'], lines),
  ].join('\n');
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}
