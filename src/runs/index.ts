export type { CheckpointState, PlayState } from './checkpoint.ts';
export type { RunConfig } from './config.ts';
export { type EpisodeLine, type MetricLine, scoreWindow } from './lines.ts';
export { defaultRunPath, RunFolder } from './run-folder.ts';
export {
  readConfig,
  readEpisodes,
  readGradientNorms,
  readMetrics,
  readResumes,
  type Resume,
  readRun,
  type SavedRun,
} from './saved-run.ts';
