import {
  type EpisodeLine,
  type MetricLine,
  readConfig,
  readEpisodes,
  readGradientNorms,
  readMetrics,
  readResumes,
  type Resume,
  type RunConfig,
} from '../runs/index.ts';
import { type CurvePoint, learningCurve } from './learning-curve.ts';
import { runNames } from './run-names.ts';

/** A run as tables and pictures tell of it. */
export interface RunData {
  readonly path: string;
  readonly name: string;
  readonly config: RunConfig;
  readonly episodes: readonly EpisodeLine[];
  readonly curve: readonly CurvePoint[];
  readonly metrics: readonly MetricLine[];
  /** Where the run was resumed, and with what changes. */
  readonly resumes: readonly Resume[];
  /** At each checkpoint after an update, the norm of the gradient with respect to each parameter, by name. */
  readonly gradientNorms: ReturnType<typeof readGradientNorms>;
  /** Agent steps made, and those it is to make. */
  readonly agentSteps: number;
  readonly plannedSteps: number;
}

/**
 * Reads runs and names them so that they are told apart. Each file is read once: all that is made from it shows the
 * same moment of a run that goes on.
 * @throws UserError if a folder is no run folder, or a file is missing or damaged
 */
export function readRuns(paths: readonly string[]): RunData[] {
  const runs = paths.map((path) => ({ path, config: readConfig(path) }));
  const names = runNames(runs);
  return runs.map(({ path, config }, i) => {
    const [episodes, metrics, resumes] = [readEpisodes(path), readMetrics(path), readResumes(path)];
    const agentSteps = Math.max(episodes.at(-1)?.agentStep ?? 0, metrics.at(-1)?.agentStep ?? 0);
    const plannedSteps = Number(config.options['steps'] ?? 0);
    const curve = learningCurve(episodes);
    const [name, gradientNorms] = [names[i] ?? path, readGradientNorms(path)];
    return { path, name, config, episodes, curve, metrics, resumes, gradientNorms, agentSteps, plannedSteps };
  });
}
