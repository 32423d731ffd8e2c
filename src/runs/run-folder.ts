import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentDescription } from '../../agents/bundle/manifest.ts';
import type { Learned } from '../../agents/bundle/write-bundle.ts';
import type { ParameterLayout } from '../../agents/parameters.ts';
import { writeAgent } from './agent-files.ts';
import type { CheckpointState } from './checkpoint.ts';
import type { RunSettings } from './config.ts';
import { fileNames } from './file-names.ts';
import type { EpisodeLine, MetricLine } from './lines.ts';
import { asFileName, timeStamp } from './path-names.ts';
import { RunFiles } from './run-files.ts';
import type { SavedRun } from './saved-run.ts';

const lineFiles = [fileNames.episodes, fileNames.metrics] as const;
type LineFile = (typeof lineFiles)[number];

/** Where a run goes unless the user says otherwise, such as `runs/Breakout-rim-s1-20260131-235959` (UTC). */
export function defaultRunPath(game: string, core: string, seed: number, now = new Date()): string {
  const path = join('runs', `${asFileName(game)}-${core}-s${seed}-${timeStamp(now)}`);
  let [free, number] = [path, 2];
  while (existsSync(free)) free = `${path}-${number++}`;
  return free;
}

/**
 * The folder that a PPO run writes: docs/run-folder.md defines every file and term in it. Episodes, metrics and
 * events reach the disk by {@link RunFolder.flush}, once per update; log lines at once. Every method throws
 * UserError where the disk is full or not writable.
 */
export class RunFolder extends RunFiles<LineFile, CheckpointState> {
  /** Begins a new run: see {@link RunFiles.begin}. */
  static create(path: string, settings: RunSettings): RunFolder {
    return RunFiles.begin(path, lineFiles, settings, (opened) => new RunFolder(opened));
  }

  /** Goes on with a run that {@link readRun} has read: see {@link RunFiles.goOn}. */
  static resume(saved: SavedRun, start: Pick<RunSettings, 'options' | 'versions'>): RunFolder {
    const { update, agentStep } = saved.found?.content ?? { update: 0, agentStep: 0 };
    return RunFiles.goOn(saved, lineFiles, start, { update, agentStep }, (opened) => new RunFolder(opened));
  }

  /** Notes a finished game. */
  episode(line: EpisodeLine): void {
    this.line(fileNames.episodes, line);
  }

  /**
   * Notes an update: a line of metrics.jsonl and an event with the same numbers,
   * whose tags are the names joined by "/".
   */
  metric(line: MetricLine): void {
    this.line(fileNames.metrics, line);
    const { agentStep, ...values } = line;
    this.scalars(agentStep, values);
  }

  /** Replaces agent/, the policy alone. */
  saveAgent(description: AgentDescription, layout: ParameterLayout, learned: Learned): void {
    writeAgent(join(this.path, fileNames.agent), description, layout, learned);
  }
}
