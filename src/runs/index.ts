export type { AgentDescription } from './agent-files.ts';
export type { Checkpoint, CheckpointState } from './checkpoint.ts';
export type { RunConfig, RunSettings } from './config.ts';
export type { ActivationStatistics, EpisodeLine, MetricLine, ModuleActivation, UnitActivation } from './lines.ts';
export { defaultRunPath, RunFolder } from './run-folder.ts';
export { readConfig, readEpisodes, readMetrics, readRun, type SavedRun } from './saved-run.ts';
