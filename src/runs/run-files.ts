import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pino, type Logger } from 'pino';
import { UserError } from '../errors.ts';
import { AppendFile } from './append-file.ts';
import { claim, release } from './claim.ts';
import { makeFolder, onDisk, removeEmptyFolders, replaceFile } from './disk.ts';
import { fileNames } from './file-names.ts';
import { writeHeader, writeScalars } from './tensorboard.ts';

/**
 * What every run folder is made of, whatever is trained in it: a claim, so that one process alone writes it;
 * config.json; files of lines that grow; events for TensorBoard; a log. Lines and events reach the disk by {@link
 * RunFiles.flush}, log lines at once. The files that grow, but for the log, are cut back when a run is resumed. Every
 * method throws UserError where the disk is full or not writable.
 */
export class RunFiles<Name extends string> {
  readonly path: string;
  /** Writes log.jsonl. */
  readonly log: Logger;
  readonly #lines: Readonly<Record<Name, AppendFile>>;
  readonly #events: AppendFile;
  readonly #logFile: AppendFile;

  private constructor(path: string, names: readonly Name[], files: readonly AppendFile[]) {
    this.path = path;
    this.#lines = Object.fromEntries(names.map((name, i) => [name, files[i]])) as Record<Name, AppendFile>;
    const [events, log] = files.slice(names.length) as [AppendFile, AppendFile];
    [this.#events, this.#logFile] = [events, log];
    const write = (line: string): void => {
      log.append(line);
      log.flush();
    };
    const formatters = { level: (label: string) => ({ level: label }) };
    this.log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters }, { write });
  }

  /**
   * Begins a new run. Makes the folder, and its parents where they lack.
   * @param names of the files of lines @param config becomes config.json
   * @throws UserError if the folder holds something already or cannot be written; nothing is left behind then
   */
  static create<Name extends string>(path: string, names: readonly Name[], config: object, now: Date): RunFiles<Name> {
    const made = makeFolder(path);
    try {
      return claimEmptyFolder(path, () => {
        makeFolder(join(path, dirname(fileNames.events)));
        const files = openAll([...names, fileNames.events, fileNames.log], (name) =>
          AppendFile.create(join(path, name)),
        );
        return orClose(files, () => {
          const run = new RunFiles(path, names, files);
          writeHeader(run.#events, now.getTime() / 1000);
          run.#events.flush();
          run.writeConfig(config);
          return run;
        });
      });
    } catch (error) {
      removeEmptyFolders(made);
      throw error;
    }
  }

  /**
   * Goes on with a run: drops what its files hold beyond these lengths.
   * @param lengths bytes of each growing file, as {@link RunFiles.sync} gave them
   * @param work is done with the opened run; if it fails, the run is closed
   * @throws UserError if one of the files is missing or shorter, or if the run is still going; nothing is changed then
   */
  static resume<Name extends string, Result>(
    path: string,
    names: readonly Name[],
    lengths: Readonly<Record<string, number>>,
    work: (files: RunFiles<Name>) => Result,
  ): Result {
    const claimed = join(path, fileNames.claim);
    claim(claimed);
    try {
      const files = openAll([...names, fileNames.events, fileNames.log], (name) => AppendFile.open(join(path, name)));
      return orClose(files, () => {
        const run = new RunFiles(path, names, files);
        // Every length is checked before any file is cut.
        for (const [name, file] of run.#growing()) file.expect(lengths[name] ?? 0);
        for (const [name, file] of run.#growing()) file.cutBack(lengths[name] ?? 0);
        return work(run);
      });
    } catch (error) {
      release(claimed);
      throw error;
    }
  }

  /** Replaces config.json. */
  writeConfig(config: object): void {
    replaceFile(join(this.path, fileNames.config), [`${JSON.stringify(config, null, 2)}\n`]);
  }

  /** Adds a line of JSON. */
  line(name: Name, value: object): void {
    this.#lines[name].append(`${JSON.stringify(value)}\n`);
  }

  /** An event with every finite number within the values, under their names joined by "/". */
  scalars(step: number, values: object): void {
    writeScalars(this.#events, step, Date.now() / 1000, scalars(values));
  }

  /** Writes what was noted since the last flush. */
  flush(): void {
    for (const [, file] of this.#growing()) file.flush();
  }

  /** Flushes, and returns when the disk has it. @returns bytes of each growing file */
  sync(): Record<string, number> {
    for (const [, file] of this.#growing()) file.sync();
    return Object.fromEntries(this.#growing().map(([name, file]) => [name, file.length]));
  }

  /** Flushes and closes. The folder takes nothing afterwards. */
  close(): void {
    try {
      this.flush();
    } finally {
      for (const [, file] of this.#growing()) file.close();
      this.#logFile.close();
      release(join(this.path, fileNames.claim));
    }
  }

  /** The files that are cut back when the run is resumed. */
  #growing(): [string, AppendFile][] {
    return [...Object.entries<AppendFile>(this.#lines), [fileNames.events, this.#events]];
  }
}

/** Opens all, or, if one cannot be opened, none. */
function openAll(names: readonly string[], open: (name: string) => AppendFile): AppendFile[] {
  const opened: AppendFile[] = [];
  try {
    for (const name of names) opened.push(open(name));
    return opened;
  } catch (error) {
    for (const file of opened) file.close();
    throw error;
  }
}

/** Does what is left of opening a folder; if that fails, its files are closed. */
function orClose<T>(files: readonly AppendFile[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }
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
