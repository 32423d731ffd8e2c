import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { type AgentDescription, writeAgent } from './agent-files.ts';
import { type CheckpointState, writeCheckpoint } from './checkpoint.ts';
import { describeRun, describeStart, type RunSettings } from './config.ts';
import { fileNames } from './file-names.ts';
import type { EpisodeLine, MetricLine } from './lines.ts';
import { RunFiles } from './run-files.ts';
import type { SavedRun } from './saved-run.ts';

const lineFiles = [fileNames.episodes, fileNames.metrics] as const;
type LineFile = (typeof lineFiles)[number];

/** Where a run goes unless the user says otherwise, such as `runs/Breakout-rim-s1-20260131-235959` (UTC). */
export function defaultRunPath(game: string, core: string, seed: number, now = new Date()): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const path = join('runs', `${game.replaceAll(/[^\w.-]/g, '_')}-${core}-s${seed}-${time}`);
  let [free, number] = [path, 2];
  while (existsSync(free)) free = `${path}-${number++}`;
  return free;
}

/**
 * The folder that a PPO run writes: docs/run-folder.md defines every file and term in it. Episodes, metrics and
 * events reach the disk by {@link RunFolder.flush}, once per update; log lines at once. Every method throws
 * UserError where the disk is full or not writable.
 */
export class RunFolder {
  readonly #files: RunFiles<LineFile>;

  private constructor(files: RunFiles<LineFile>) {
    this.#files = files;
  }

  get path(): string {
    return this.#files.path;
  }

  /** Writes log.jsonl. */
  get log(): Logger {
    return this.#files.log;
  }

  /**
   * Begins a new run. Makes the folder, and its parents where they lack.
   * @throws UserError if the folder holds something already or cannot be written; nothing is left behind then
   */
  static create(path: string, settings: RunSettings): RunFolder {
    const now = new Date();
    return new RunFolder(RunFiles.create(path, lineFiles, describeRun(settings, now), now));
  }

  /**
   * Goes on with a run that {@link readRun} has read: drops the episodes, metrics and events after its checkpoint, and
   * puts the options that hold from now on into config.json. log.jsonl is not cut back; it gets a line that names the
   * options which changed, and versions and processor of this start.
   * @throws UserError if one of these files is missing, or shorter than the checkpoint says, or if the run is still
   * going; nothing is changed then
   */
  static resume(
    { path, config, checkpoint }: SavedRun,
    settings: Pick<RunSettings, 'options' | 'versions'>,
  ): RunFolder {
    const { options, versions } = settings;
    const changed = changes(config.options, options);
    return RunFiles.resume(path, lineFiles, checkpoint.fileLengths, (files) => {
      if (Object.keys(changed).length > 0) files.writeConfig({ ...config, options });
      const { update, agentStep } = checkpoint;
      files.log.info({ update, agentStep, changed, ...describeStart(versions) }, 'resumed');
      return new RunFolder(files);
    });
  }

  /** Notes a finished game. */
  episode(line: EpisodeLine): void {
    this.#files.line(fileNames.episodes, line);
  }

  /**
   * Notes an update: a line of metrics.jsonl and an event with the same numbers,
   * whose tags are the names joined by "/".
   */
  metric(line: MetricLine): void {
    this.#files.line(fileNames.metrics, line);
    const { agentStep, ...values } = line;
    this.#files.scalars(agentStep, values);
  }

  /** Writes what was noted since the last flush. */
  flush(): void {
    this.#files.flush();
  }

  /** Replaces checkpoint.msgpack, after all that was noted is safely on the disk. */
  saveCheckpoint(state: CheckpointState): void {
    const fileLengths = this.#files.sync();
    writeCheckpoint(join(this.path, fileNames.checkpoint), { ...state, fileLengths });
  }

  /** Replaces agent/, the policy alone. */
  saveAgent(agent: AgentDescription): void {
    writeAgent(join(this.path, 'agent'), agent);
  }

  /** Flushes and closes. The folder takes nothing afterwards. */
  close(): void {
    this.#files.close();
  }
}

/** The options that differ, each as [before, now]. */
export function changes(
  before: Record<string, unknown>,
  now: Record<string, unknown>,
): Record<string, [unknown, unknown]> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (name) => !isDeepStrictEqual(before[name], now[name]),
  );
  return Object.fromEntries(names.map((name) => [name, [before[name], now[name]]]));
}
