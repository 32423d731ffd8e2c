export type { CheckpointState } from './checkpoint.ts';
export { type ActivationStatistics, type EpisodeLine, type ModuleActivation, scoreWindow } from './lines.ts';
export { defaultRunPath, RunFolder } from './run-folder.ts';
export { readConfig, readEpisodes, readGradientNorms, readMetrics, readRun, type SavedRun } from './saved-run.ts';
