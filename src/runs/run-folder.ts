import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { pino, type Logger } from 'pino';
import { UserError } from '../errors.ts';
import { type AgentDescription, writeAgent } from './agent-files.ts';
import { AppendFile } from './append-file.ts';
import { claim, release } from './claim.ts';
import { type CheckpointState, writeCheckpoint } from './checkpoint.ts';
import { describeRun, describeStart, type RunConfig, type RunSettings } from './config.ts';
import { makeFolder, onDisk, removeEmptyFolders, replaceFile } from './disk.ts';
import type { EpisodeLine, MetricLine } from './lines.ts';
import { fileNames, type SavedRun } from './saved-run.ts';
import { writeHeader, writeScalars } from './tensorboard.ts';

/** The files that grow. All but the log are cut back when a run is resumed. */
const growing = [fileNames.episodes, fileNames.metrics, fileNames.events] as const;
type Growing = Record<(typeof growing)[number] | typeof fileNames.log, AppendFile>;

/** Where a run goes unless the user says otherwise, such as `runs/Breakout-rim-s1-20260131-235959` (UTC). */
export function defaultRunPath(game: string, core: string, seed: number, now = new Date()): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const path = join('runs', `${game.replaceAll(/[^\w.-]/g, '_')}-${core}-s${seed}-${time}`);
  let [free, number] = [path, 2];
  while (existsSync(free)) free = `${path}-${number++}`;
  return free;
}

/**
 * The folder that a run writes: docs/run-folder.md defines every file and term in it. Episodes, metrics and
 * events reach the disk by {@link RunFolder.flush}, once per update; log lines at once. Every method throws
 * UserError where the disk is full or not writable.
 */
export class RunFolder {
  readonly path: string;
  /** Writes log.jsonl. */
  readonly log: Logger;
  readonly #files: Growing;

  private constructor(path: string, files: Growing) {
    this.path = path;
    this.#files = files;
    const log = files[fileNames.log];
    const write = (line: string): void => {
      log.append(line);
      log.flush();
    };
    const formatters = { level: (label: string) => ({ level: label }) };
    this.log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters }, { write });
  }

  /**
   * Begins a new run. Makes the folder, and its parents where they lack.
   * @throws UserError if the folder holds something already or cannot be written; nothing is left behind then
   */
  static create(path: string, settings: RunSettings): RunFolder {
    const made = makeFolder(path);
    try {
      return claimEmptyFolder(path, () => {
        makeFolder(join(path, dirname(fileNames.events)));
        const files = openAll((name) => AppendFile.create(join(path, name)));
        return orClose(files, () => {
          const now = new Date();
          writeHeader(files[fileNames.events], now.getTime() / 1000);
          files[fileNames.events].flush();
          replaceFile(join(path, fileNames.config), [configText(describeRun(settings, now))]);
          return new RunFolder(path, files);
        });
      });
    } catch (error) {
      removeEmptyFolders(made);
      throw error;
    }
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
    const claimed = join(path, fileNames.claim);
    claim(claimed);
    try {
      const files = openAll((name) => AppendFile.open(join(path, name)));
      return orClose(files, () => {
        cutBack(files, checkpoint.fileLengths);
        if (Object.keys(changed).length > 0)
          replaceFile(join(path, fileNames.config), [configText({ ...config, options })]);
        const folder = new RunFolder(path, files);
        const { update, agentStep } = checkpoint;
        folder.log.info({ update, agentStep, changed, ...describeStart(versions) }, 'resumed');
        return folder;
      });
    } catch (error) {
      release(claimed);
      throw error;
    }
  }

  /** Notes a finished game. */
  episode(line: EpisodeLine): void {
    this.#files[fileNames.episodes].append(`${JSON.stringify(line)}\n`);
  }

  /**
   * Notes an update: a line of metrics.jsonl and an event with the same numbers,
   * whose tags are the names joined by "/".
   */
  metric(line: MetricLine): void {
    this.#files[fileNames.metrics].append(`${JSON.stringify(line)}\n`);
    const { agentStep, ...values } = line;
    writeScalars(this.#files[fileNames.events], agentStep, Date.now() / 1000, scalars(values));
  }

  /** Writes what was noted since the last flush. */
  flush(): void {
    for (const name of growing) this.#files[name].flush();
  }

  /** Replaces checkpoint.msgpack, after all that was noted is safely on the disk. */
  saveCheckpoint(state: CheckpointState): void {
    for (const name of growing) this.#files[name].sync();
    const fileLengths = Object.fromEntries(growing.map((name) => [name, this.#files[name].length]));
    writeCheckpoint(join(this.path, fileNames.checkpoint), { ...state, fileLengths });
  }

  /** Replaces agent/, the policy alone. */
  saveAgent(agent: AgentDescription): void {
    writeAgent(join(this.path, 'agent'), agent);
  }

  /** Flushes and closes. The folder takes nothing afterwards. */
  close(): void {
    try {
      this.flush();
    } finally {
      closeAll(this.#files);
      release(join(this.path, fileNames.claim));
    }
  }
}

/** Opens the files that grow, or, if one cannot be opened, none. */
function openAll(open: (name: string) => AppendFile): Growing {
  const opened: AppendFile[] = [];
  const keep = (file: AppendFile): AppendFile => {
    opened.push(file);
    return file;
  };
  try {
    return {
      [fileNames.episodes]: keep(open(fileNames.episodes)),
      [fileNames.metrics]: keep(open(fileNames.metrics)),
      [fileNames.events]: keep(open(fileNames.events)),
      [fileNames.log]: keep(open(fileNames.log)),
    };
  } catch (error) {
    for (const file of opened) file.close();
    throw error;
  }
}

/** Checks the length of every file before it cuts any. */
function cutBack(files: Growing, lengths: Readonly<Record<string, number>>): void {
  for (const name of growing) files[name].expect(lengths[name] ?? 0);
  for (const name of growing) files[name].cutBack(lengths[name] ?? 0);
}

function configText(config: RunConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** The options that differ, each as [before, now]. */
function changes(before: Record<string, unknown>, now: Record<string, unknown>): Record<string, [unknown, unknown]> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (name) => !isDeepStrictEqual(before[name], now[name]),
  );
  return Object.fromEntries(names.map((name) => [name, [before[name], now[name]]]));
}

/** Does what is left of opening a folder; if that fails, its files are closed. */
function orClose<T>(files: Growing, work: () => T): T {
  try {
    return work();
  } catch (error) {
    closeAll(files);
    throw error;
  }
}

function closeAll(files: Growing): void {
  for (const file of Object.values(files)) file.close();
}

/**
 * Does `work` in a folder that this process alone writes: it is claimed first, and empty otherwise. If `work` fails,
 * all that it has put there is removed again, and the claim.
 */
function claimEmptyFolder<T>(path: string, work: () => T): T {
  const claimed = join(path, fileNames.claim);
  const others = (): string[] => readdirSync(path).filter((name) => name !== fileNames.claim);
  claim(claimed);
  try {
    if (onDisk(`read ${path}`, others).length > 0)
      throw new UserError(
        `${path} is not empty; go on with its run by --resume ${path}, or choose another folder with --run`,
      );
    try {
      return work();
    } catch (error) {
      for (const name of others()) rmSync(join(path, name), { recursive: true });
      throw error;
    }
  } catch (error) {
    release(claimed);
    throw error;
  }
}

/** All finite numbers within a value, with their names: `{ memory: { rss: 1 } }` gives `['memory/rss', 1]`. */
function scalars(value: unknown, name = ''): [string, number][] {
  if (typeof value === 'number') return Number.isFinite(value) ? [[name, value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => scalars(part, name ? `${name}/${key}` : key));
}
